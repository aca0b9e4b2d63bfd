// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

/// How the memory is laid out in which one thread runs snippets. Offsets from its start:
///
/// ```
///   0x00000  registers in and out, and what a signal noted; readable and writable
///   0x01000  the code around snippets; executable
///   0x10000  the stack for signals
///   0x20000  snippets, to 0x30000; executable
///   0x30000  nothing
///   0x40000  a page that is not there
///   0x41000  two pages of data
///   0x43000  a page of data that can only be read
///   0x44000  a page that is not there
/// ```
final class NativeArea {

    static final long STRIDE = 0x80000;

    static final long REGISTERS_IN = 0;
    static final long FLAGS_IN = 0x80;
    static final long TARGET = 0x88;
    static final long HOST_STACK = 0x90;
    static final long ACTIVE = 0x98;
    static final long SIGNAL = 0xa0;
    static final long FAULT_RIP = 0xa8;
    static final long FAULT_ERROR = 0xb0;
    static final long FAULT_VECTOR = 0xb8;
    static final long FAULT_CR2 = 0xc0;
    static final long MXCSR_IN = 0xc8;
    static final long HOST_MXCSR = 0xd0;
    static final long FAULT_RSP = 0xd8;

    /// ES, CS, SS, DS, FS and GS, 2 bytes each.
    static final long SELECTORS_IN = 0xe0;

    /// Where 32-bit code begins: an offset of 4 bytes, a selector.
    static final long FAR_TARGET = 0xf0;

    static final long REGISTERS_OUT = 0x100;
    static final long FLAGS_OUT = 0x180;
    static final long MXCSR_OUT = 0x188;
    static final long XMM_IN = 0x200;
    static final long XMM_OUT = 0x300;

    /// What `fxrstor` reads.
    static final long X87_IN = 0x400;

    /// What `fxsave64` writes.
    static final long X87_OUT = 0x600;

    static final long ENTER = 0x1000;
    static final long ENTER_32 = 0x1400;
    static final long LEAVE = 0x1800;

    static final long SIGNAL_STACK = 0x10000;
    static final long SIGNAL_STACK_BYTES = 0x10000;

    static final long CODE = 0x20000;
    static final long CODE_BYTES = 0x10000;

    /// A page that is not there.
    static final long GUARD_BELOW = 0x40000;

    static final long DATA = 0x41000;
    static final long WRITABLE_BYTES = 0x2000;
    static final long READ_ONLY = DATA + WRITABLE_BYTES;

    /// A page that is not there.
    static final long GUARD_ABOVE = 0x44000;

    static final long DATA_BYTES = GUARD_ABOVE - DATA;
    static final long PAGE = 0x1000;

    private NativeArea() {}
}
