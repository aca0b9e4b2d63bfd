// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.cpu;

/// Memory as an instruction sees it: by linear address, little-endian, at any alignment.
///
/// Every method throws the processor's [CpuFault] if the access is not allowed: a page fault, or
/// general protection (vector 13) for an address that is not canonical. An access that crosses a
/// page is either made whole or faults before anything is written.
public interface LinearMemory {

    /// Loads 1, 2, 4 or 8 bytes, zero-extended.
    long load(long address, int bytes);

    /// Loads what will be stored to: faults as a store would.
    long loadForWrite(long address, int bytes);

    void store(long address, int bytes, long value);

    /// Stores `value` if memory holds `expected`, atomically.
    ///
    /// @return whether it did
    boolean compareAndStore(long address, int bytes, long expected, long value);

    /// The same for 16 bytes, low half first; the address is a multiple of 16.
    boolean compareAndStore16(
            long address, long expectedLow, long expectedHigh, long low, long high);

    /// Copies instruction bytes from `address` on, up to `into.length` of them, as far as they may
    /// be fetched. Never faults.
    ///
    /// @return how many, 0 if already the first may not be fetched
    int fetch(long address, byte[] into);

    /// The fault of fetching the byte at `address`.
    CpuFault fetchFault(long address);
}
