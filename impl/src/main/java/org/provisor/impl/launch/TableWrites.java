// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.launch;

import org.provisor.impl.bits.Addresses;
import org.provisor.impl.cpu.CpuFault;
import org.provisor.impl.cpu.CpuState;
import org.provisor.impl.cpu.Engine;
import org.provisor.impl.cpu.Exits;
import org.provisor.impl.cpu.LinearMemory;
import org.provisor.impl.cpu.PageFaults;
import org.provisor.impl.mm.Vcpu;
import org.provisor.impl.mm.WritablePageTables;

/// Writable page tables: carries out one instruction again that a read-only page has refused, and
/// has its write to that page done as one to a page table, if it is one.
///
/// @xen xen/arch/x86/pv/ro-page-fault.c
final class TableWrites {

    /// How often an instruction is tried again. More would be a guest that keeps us here.
    private static final int PATIENCE = 100;

    private final CpuState state;
    private final Engine engine;
    private final Vcpu vcpu;
    private final Memory memory;
    private final long[] saved;

    private long faultAt;
    private boolean refused;

    /// How often another processor was first.
    private int lost;

    TableWrites(
            final CpuState state, final Engine engine, final Vcpu vcpu, final LinearMemory direct) {
        this.state = state;
        this.engine = engine;
        this.vcpu = vcpu;
        memory = new Memory(direct);
        saved = new long[state.slots().length];
    }

    /// Carries out the instruction at RIP, which wrote to a page that cannot be written.
    ///
    /// @param address where it faulted
    /// @return whether it is done; if not, nothing has changed
    boolean write(final long address) {
        final long[] slots = state.slots();
        System.arraycopy(slots, 0, saved, 0, slots.length);
        faultAt = address;
        refused = false;
        lost = 0;
        final int exit = engine.run(state, memory, 1);
        if (exit == Exits.LIMIT && !refused) {
            return true;
        }
        System.arraycopy(saved, 0, slots, 0, slots.length);
        return false;
    }

    private boolean inPage(final long address) {
        return (address ^ faultAt) >>> Addresses.PAGE_SHIFT == 0;
    }

    /// Memory of the guest, in which one page is written by the hypervisor.
    private final class Memory implements LinearMemory {

        private final LinearMemory direct;

        Memory(final LinearMemory direct) {
            this.direct = direct;
        }

        private CpuFault refuse() {
            refused = true;
            return state.fault()
                    .pageFault(PageFaults.PRESENT | PageFaults.WRITE | PageFaults.USER, faultAt);
        }

        @Override
        public long load(final long address, final int bytes) {
            return direct.load(address, bytes);
        }

        @Override
        public long loadForWrite(final long address, final int bytes) {
            return inPage(address)
                    ? direct.load(address, bytes)
                    : direct.loadForWrite(address, bytes);
        }

        @Override
        public void store(final long address, final int bytes, final long value) {
            if (!inPage(address) && !inPage(address + bytes - 1)) {
                direct.store(address, bytes, value);
                return;
            }
            final int done =
                    WritablePageTables.write(vcpu, faultAt, address, bytes, value, false, 0);
            if (done != WritablePageTables.EMULATED) {
                throw refuse();
            }
        }

        /// An instruction that finds another value stores the one it found: it writes nothing then.
        @Override
        public boolean compareAndStore(
                final long address, final int bytes, final long expected, final long value) {
            if (!inPage(address) && !inPage(address + bytes - 1)) {
                return direct.compareAndStore(address, bytes, expected, value);
            }
            final boolean fails = expected == value;
            final int done =
                    WritablePageTables.write(
                            vcpu,
                            faultAt,
                            address,
                            bytes,
                            value,
                            true,
                            fails ? ~expected : expected);
            return switch (done) {
                case WritablePageTables.EMULATED -> true;
                case WritablePageTables.COMPARE_FAILED -> {
                    if (!fails && ++lost > PATIENCE) {
                        throw refuse();
                    }
                    yield fails;
                }
                default -> throw refuse();
            };
        }

        @Override
        public boolean compareAndStore16(
                final long address,
                final long expectedLow,
                final long expectedHigh,
                final long low,
                final long high) {
            if (inPage(address)) {
                throw refuse();
            }
            return direct.compareAndStore16(address, expectedLow, expectedHigh, low, high);
        }

        @Override
        public int fetch(final long address, final byte[] into) {
            return direct.fetch(address, into);
        }

        @Override
        public CpuFault fetchFault(final long address) {
            return direct.fetchFault(address);
        }
    }
}
