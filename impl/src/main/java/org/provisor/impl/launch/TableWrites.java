// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.launch;

import org.provisor.impl.bits.Addresses;
import org.provisor.impl.cpu.CpuFault;
import org.provisor.impl.cpu.CpuState;
import org.provisor.impl.cpu.Engine;
import org.provisor.impl.cpu.Exits;
import org.provisor.impl.cpu.LinearMemory;
import org.provisor.impl.cpu.PageFaults;
import org.provisor.impl.cpu.Rflags;
import org.provisor.impl.cpu.Slots;
import org.provisor.impl.cpu.Vectors;
import org.provisor.impl.decode.CodeMode;
import org.provisor.impl.decode.Decoder;
import org.provisor.impl.decode.Instruction;
import org.provisor.impl.mm.Vcpu;
import org.provisor.impl.mm.WritablePageTables;

/// Writable page tables: carries out one instruction again that a read-only page has refused, and
/// has its write to that page done as one to a page table, if it is one.
///
/// @xen xen/arch/x86/pv/ro-page-fault.c
final class TableWrites {

    /// The instruction is done.
    static final int DONE = 0;

    /// It is not, and nothing has changed: the guest gets the fault that it had.
    static final int REFUSED = 1;

    /// Likewise, but the guest gets another fault, [CpuState#fault]: something else that the
    /// instruction needs is not there.
    static final int FAULTED = 2;

    private static final long UINT = 0xFFFF_FFFFL;

    /// How often an instruction is tried again. More would be a guest that keeps us here.
    private static final int PATIENCE = 100;

    private final CpuState state;
    private final Engine engine;
    private final Vcpu vcpu;
    private final LinearMemory direct;
    private final Memory memory;
    private final long[] saved;

    private final Instruction instruction = new Instruction();
    private final byte[] bytes = new byte[Decoder.MAX_LENGTH];

    /// What the instruction compares with memory before it writes, if it does.
    private boolean compares;

    private long compared;

    /// What the page's writes are done by.
    private GuestCalls calls = GuestCalls.DIRECT;

    private long faultAt;
    private boolean refused;

    /// How often another processor was first.
    private int lost;

    TableWrites(
            final CpuState state, final Engine engine, final Vcpu vcpu, final LinearMemory direct) {
        this.state = state;
        this.engine = engine;
        this.vcpu = vcpu;
        this.direct = direct;
        memory = new Memory();
        saved = new long[state.slots().length];
    }

    /// Has writes to tables done by this.
    void makeCallsBy(final GuestCalls now) {
        calls = now;
    }

    /// Carries out the instruction at RIP, which wrote to a page that cannot be written.
    ///
    /// @param address where it faulted
    /// @return [#DONE], [#REFUSED] or [#FAULTED]
    int write(final long address) {
        final long[] slots = state.slots();
        System.arraycopy(slots, 0, saved, 0, slots.length);
        faultAt = address;
        decode();
        refused = false;
        lost = 0;
        // What writes from XMM registers is refused: Xen emulates no such instruction here.
        slots[Slots.TASK_SWITCHED] = 1;
        // Breakpoints see nothing of what Xen does, and a single step comes afterwards.
        slots[Slots.RFLAGS] &= ~(long) Rflags.TF;
        state.breakpoints().suspend(true);
        final int exit = engine.run(state, memory, 1);
        state.breakpoints().suspend(false);
        if (exit == Exits.LIMIT && !refused) {
            slots[Slots.TASK_SWITCHED] = saved[Slots.TASK_SWITCHED];
            slots[Slots.RFLAGS] |= saved[Slots.RFLAGS] & Rflags.TF;
            return DONE;
        }
        System.arraycopy(saved, 0, slots, 0, slots.length);
        refused |= state.fault().vector() == Vectors.NM;
        return exit == Exits.EXCEPTION && !refused ? FAULTED : REFUSED;
    }

    private void decode() {
        final int count = direct.fetch(state.segments().codeAddress(), bytes);
        final CodeMode mode = state.segments().isCompatible() ? CodeMode.BITS_32 : CodeMode.BITS_64;
        compares = false;
        if (Decoder.standard(mode).decode(bytes, 0, count, instruction) <= 0) {
            return;
        }
        switch (instruction.row().mnemonic()) {
            case "cmpxchg" -> {
                compares = true;
                compared = state.get(Slots.RAX);
            }
            case "cmpxchg8b" -> {
                compares = true;
                compared = state.get(Slots.RDX) << Integer.SIZE | (state.get(Slots.RAX) & UINT);
            }
            default -> {}
        }
    }

    /// Whether the instruction found something else than it looked for: it writes nothing then.
    private boolean fails(final long found, final int bytes) {
        return compares && (found ^ compared) << (Long.SIZE - bytes * Byte.SIZE) != 0;
    }

    private boolean inPage(final long address) {
        return (address ^ faultAt) >>> Addresses.PAGE_SHIFT == 0;
    }

    /// Memory of the guest, in which one page is written by the hypervisor.
    private final class Memory implements LinearMemory {

        private long found;

        /// @param done why a write was not done
        private CpuFault refuse(final int done) {
            if (done == WritablePageTables.READ_FAULT) {
                return state.fault().pageFault(PageFaults.USER, vcpu.found());
            }
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
            found =
                    inPage(address)
                            ? direct.load(address, bytes)
                            : direct.loadForWrite(address, bytes);
            return found;
        }

        @Override
        public void store(final long address, final int bytes, final long value) {
            if (!inPage(address) && !inPage(address + bytes - 1)) {
                direct.store(address, bytes, value);
                return;
            }
            if (fails(found, bytes)) {
                looked(address, bytes);
                return;
            }
            final int done = calls.write(vcpu, faultAt, address, bytes, value, false, 0);
            if (done != WritablePageTables.EMULATED) {
                throw refuse(done);
            }
        }

        @Override
        public boolean compareAndStore(
                final long address, final int bytes, final long expected, final long value) {
            if (!inPage(address) && !inPage(address + bytes - 1)) {
                return direct.compareAndStore(address, bytes, expected, value);
            }
            if (fails(expected, bytes)) {
                return looked(address, bytes);
            }
            final int done = calls.write(vcpu, faultAt, address, bytes, value, true, expected);
            return switch (done) {
                case WritablePageTables.EMULATED -> true;
                case WritablePageTables.COMPARE_FAILED -> {
                    if (++lost > PATIENCE) {
                        throw refuse(done);
                    }
                    yield false;
                }
                default -> throw refuse(done);
            };
        }

        /// The instruction has found something else than it looked for.
        ///
        /// @return whether that is still so; if not, what it looks for is written over itself
        private boolean looked(final long address, final int bytes) {
            final int done = calls.write(vcpu, faultAt, address, bytes, compared, true, compared);
            if (done != WritablePageTables.EMULATED && done != WritablePageTables.COMPARE_FAILED) {
                throw refuse(done);
            }
            return done == WritablePageTables.COMPARE_FAILED;
        }

        @Override
        public boolean compareAndStore16(
                final long address,
                final long expectedLow,
                final long expectedHigh,
                final long low,
                final long high) {
            if (inPage(address)) {
                throw refuse(WritablePageTables.NOT_DONE);
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
