// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.interp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;
import org.provisor.impl.cpu.Breakpoints;
import org.provisor.impl.cpu.CpuState;
import org.provisor.impl.cpu.DescriptorTables;
import org.provisor.impl.cpu.Exits;
import org.provisor.impl.cpu.PageFaults;
import org.provisor.impl.cpu.Rflags;
import org.provisor.impl.cpu.Slots;
import org.provisor.impl.cpu.Vectors;

/// What the host's processor cannot be asked: it would not come back, or is not ours to change.
final class InterpreterTest {

    private static final long CODE = FlatMemory.BASE;
    private static final long DATA = FlatMemory.BASE + 0x1000;
    private static final long END = FlatMemory.BASE + 0x2000;

    private final CpuState state = new CpuState();
    private final FlatMemory memory = new FlatMemory(state.fault());
    private final Interpreter interpreter = new Interpreter();

    private int run(final String hex, final long limit) {
        memory.code(CODE, hex);
        state.set(Slots.RIP, CODE);
        return interpreter.run(state, memory, limit);
    }

    private long rip() {
        return state.get(Slots.RIP) - CODE;
    }

    @Test
    void runsUntilTheLimit() {
        assertEquals(Exits.LIMIT, run("48ffc0 ebfb", 9));
        assertEquals(5, state.get(Slots.RAX));
        assertEquals(9, interpreter.carriedOut());
    }

    @Test
    void exitsAndWhereRipIs() {
        assertEquals(Exits.SYSCALL, run("90 0f05", 9));
        assertEquals(3, rip());
        assertEquals(1, interpreter.carriedOut());
        assertEquals(Exits.BREAKPOINT, run("cc", 9));
        assertEquals(1, rip());
        assertEquals(Exits.INTERRUPT, run("90 cd82", 9));
        assertEquals(1, rip());
        assertEquals(0x82, interpreter.operand());
        assertEquals(CODE + 3, state.get(Slots.NEXT));
        assertEquals(Exits.CPUID, run("0fa2", 9));
        assertEquals(0, rip());
        assertEquals(Exits.UNSUPPORTED, run("f30fc7f8", 9));
    }

    @Test
    void privilegedInstructions() {
        assertEquals(Exits.EXCEPTION, run("f4", 9));
        assertEquals(Vectors.GP, state.fault().vector());
        assertEquals(0, rip());
        state.setPrivilege(0);
        assertEquals(Exits.HALT, run("f4", 9));
        assertEquals(1, rip());
        assertEquals(Exits.PRIVILEGED, run("0f22d8", 9));
        assertEquals(0, rip());
    }

    @Test
    void popfChangesWhatThePrivilegeLevelMay() {
        state.set(Slots.RSP, DATA);
        memory.store(DATA, 8, ~0L);
        run("9d", 1);
        final long common =
                Rflags.STATUS
                        | Rflags.FIXED
                        | Rflags.TF
                        | Rflags.DF
                        | Rflags.NT
                        | Rflags.AC
                        | Rflags.ID;
        assertEquals(common, state.get(Slots.RFLAGS));
        state.set(Slots.RFLAGS, Rflags.FIXED | Rflags.IOPL);
        state.set(Slots.RSP, DATA);
        run("9d", 1);
        assertEquals(common | Rflags.IOPL | Rflags.IF, state.get(Slots.RFLAGS));
        state.setPrivilege(0);
        state.set(Slots.RFLAGS, Rflags.FIXED);
        state.set(Slots.RSP, DATA);
        run("9d", 1);
        assertEquals(common | Rflags.IOPL | Rflags.IF, state.get(Slots.RFLAGS));
    }

    @Test
    void segmentBases() {
        state.set(Slots.FS_BASE, DATA - 0x100);
        state.set(Slots.GS_BASE, DATA - 0x200);
        memory.store(DATA, 8, 0x11223344);
        run("64 8b042500010000", 1);
        assertEquals(0x11223344, state.get(Slots.RAX));
        run("65 8b0c2500020000", 1);
        assertEquals(0x11223344, state.get(Slots.RCX));
        run("64 488d042500010000", 1);
        assertEquals(0x100, state.get(Slots.RAX));
        state.set(Slots.RAX, 1L << 63);
        assertEquals(Exits.EXCEPTION, run("f3480faed0", 1));
        assertEquals(Vectors.GP, state.fault().vector());
        assertEquals(DATA - 0x100, state.get(Slots.FS_BASE));
    }

    /// A table with 64-bit code, data, 32-bit code and nothing else, of privilege level 3.
    private static final class Table implements DescriptorTables {

        private static final long[] DESCRIPTORS = {
            0, 0x00AF_FB00_0000_FFFFL, 0x00CF_F200_0000_FFFFL, 0x00CF_FB00_0000_FFFFL
        };

        private final long[] now = DESCRIPTORS.clone();

        @Override
        public long find(final int selector) {
            return selector >> 3 < now.length ? selector >> 3 : BEYOND;
        }

        @Override
        public long read(final long at) {
            return now[(int) at];
        }

        @Override
        public void replace(final long at, final long before, final long value) {
            now[(int) at] = value;
        }

        @Override
        public long register(final int which) {
            return 0x1234_5678_9ABCL + which;
        }
    }

    @Test
    void aSegmentIsMarkedWhenItIsLoaded() {
        final Table table = new Table();
        state.setTables(table);
        state.set(Slots.RAX, 0x13);
        assertEquals(Exits.LIMIT, run("8ed8", 1));
        assertEquals(0x13, state.get(Slots.SELECTORS + 3));
        assertEquals(0x00CF_F300_0000_FFFFL, table.read(2));
        state.set(Slots.RAX, 0x23);
        assertEquals(Exits.EXCEPTION, run("8ed8", 1));
        assertEquals(0x20, state.fault().errorCode());
        assertEquals(0x13, state.get(Slots.SELECTORS + 3));
    }

    @Test
    void whereTablesAreIsStored() {
        state.setTables(new Table());
        state.set(Slots.RAX, DATA);
        run("0f0100", 1);
        assertEquals(0x9ABD, memory.load(DATA, 2));
        assertEquals(0x1234_5678_9ABCL, memory.load(DATA + 2, 8));
        state.set(Slots.RBX, -1);
        run("0f01e3", 1);
        assertEquals(0x5678_9AC2L, state.get(Slots.RBX));
        state.set(Slots.RAX, END - 4);
        memory.store(END - 4, 4, 7);
        assertEquals(Exits.EXCEPTION, run("0f0108", 1));
        assertEquals(7, memory.load(END - 4, 4));
    }

    /// `retfq`, `iretq` to code of 16 bits: they leave, and nothing has changed.
    @Test
    void codeOf16BitsIsNotThere() {
        final Table table = new Table();
        table.now[3] = 0x008F_FB00_0000_FFFFL;
        state.setTables(table);
        for (final String code : new String[] {"48cb", "48cf"}) {
            state.set(Slots.RSP, DATA);
            memory.store(DATA, 8, CODE);
            memory.store(DATA + 8, 8, 0x1b);
            assertEquals(Exits.UNSUPPORTED, run(code, 1));
            assertEquals(0, rip());
            assertEquals(DATA, state.get(Slots.RSP));
        }
    }

    @Test
    void iretOfANestedTaskIsRefused() {
        state.set(Slots.RSP, DATA);
        state.set(Slots.RFLAGS, Rflags.FIXED | Rflags.NT);
        assertEquals(Exits.EXCEPTION, run("48cf", 1));
        assertEquals(Vectors.GP, state.fault().vector());
        assertEquals(0, state.fault().errorCode());
    }

    @Test
    void singleSteps() {
        state.set(Slots.RFLAGS, Rflags.FIXED | Rflags.TF);
        assertEquals(Exits.DEBUG_TRAP, run("90 90", 9));
        assertEquals(1, rip());
        assertEquals(Breakpoints.SINGLE_STEP, state.breakpoints().take());
        assertEquals(0, state.breakpoints().take());
        // What faults is not carried out.
        assertEquals(Exits.EXCEPTION, run("0f0b", 9));
        assertEquals(Vectors.UD, state.fault().vector());
        assertEquals(0, state.breakpoints().take());
    }

    @Test
    void aBreakpointBeforeAnInstructionStopsItOnce() {
        state.breakpoints().setAddress(2, CODE + 1);
        state.breakpoints().setControl(1 << 4);
        assertEquals(Exits.EXCEPTION, run("90 90 90", 3));
        assertEquals(Vectors.DB, state.fault().vector());
        assertEquals(1, rip());
        assertEquals(4, state.breakpoints().take());
        state.set(Slots.RFLAGS, Rflags.FIXED | Rflags.RF);
        assertEquals(Exits.LIMIT, interpreter.run(state, memory, 1));
        assertEquals(2, rip());
        assertEquals(Rflags.FIXED, state.get(Slots.RFLAGS));
    }

    /// `mov [rax], cl`, `mov ecx, [rax]`, at every place around 4 bytes that are waited for.
    @Test
    void breakpointsOnMemory() {
        final long at = DATA + 0x100;
        state.breakpoints().setAddress(0, at + 3);
        for (int offset = -5; offset <= 5; offset++) {
            state.set(Slots.RAX, at + offset);
            for (int kind = 1; kind <= 3; kind += 2) {
                state.breakpoints().setControl(1 | kind << 16 | 3 << 18);
                final boolean writes = offset >= 0 && offset < 4;
                assertEquals(writes ? Exits.DEBUG_TRAP : Exits.LIMIT, run("8808", 1));
                assertEquals(writes ? 1 : 0, state.breakpoints().take());
                final boolean reads = kind == 3 && offset > -4 && offset < 4;
                assertEquals(reads ? Exits.DEBUG_TRAP : Exits.LIMIT, run("8b08", 1));
                assertEquals(reads ? 1 : 0, state.breakpoints().take());
            }
        }
    }

    /// `mov ss, [rax]` meets one; what comes of it waits for the next instruction.
    @Test
    void loadingSsHoldsBackWhatWasMet() {
        state.setTables(new Table());
        memory.store(DATA, 2, 0x13);
        state.set(Slots.RAX, DATA);
        state.breakpoints().setAddress(0, DATA);
        state.breakpoints().setControl(1 | 3 << 16);
        assertEquals(Exits.DEBUG_TRAP, run("8e10 90 90", 9));
        assertEquals(3, rip());
        assertEquals(1, state.breakpoints().take());
        // With a system call it is lost.
        assertEquals(Exits.SYSCALL, run("8e10 0f05", 9));
        assertEquals(0, state.breakpoints().take());
    }

    @Test
    void anInstructionAcrossTheEndOfMemoryFaultsWhereItIsMissing() {
        memory.code(END - 2, "48b8");
        state.set(Slots.RIP, END - 2);
        assertEquals(Exits.EXCEPTION, interpreter.run(state, memory, 1));
        assertEquals(Vectors.PF, state.fault().vector());
        assertEquals(PageFaults.USER | PageFaults.FETCH, state.fault().errorCode());
        assertEquals(END, state.fault().address());
        assertEquals(END - 2, state.get(Slots.RIP));
    }

    @Test
    void aFaultLeavesRegistersAlone() {
        state.set(Slots.RSP, END);
        state.set(Slots.RAX, 7);
        assertEquals(Exits.EXCEPTION, run("58", 1));
        assertEquals(END, state.get(Slots.RSP));
        assertEquals(7, state.get(Slots.RAX));
        assertEquals(END, state.fault().address());
        assertFalse((state.fault().errorCode() & PageFaults.WRITE) != 0);
    }

    @Test
    void aRepeatedInstructionCanBeStoppedAndFaultInBetween() {
        state.set(Slots.RDI, END - 3);
        state.set(Slots.RCX, 5);
        assertEquals(Exits.LIMIT, run("f3aa", 2));
        assertEquals(0, rip());
        assertEquals(3, state.get(Slots.RCX));
        assertEquals(Exits.EXCEPTION, interpreter.run(state, memory, 9));
        assertEquals(2, state.get(Slots.RCX));
        assertEquals(END, state.get(Slots.RDI));
        assertEquals(END, state.fault().address());
        assertEquals(0, rip());
    }

    @Test
    void aLockedInstructionStartsAgainIfAnotherProcessorWasFirst() {
        state.set(Slots.RBX, DATA);
        memory.store(DATA, 4, 40);
        memory.lose(3);
        run("f0ff03", 1);
        assertEquals(44, memory.load(DATA, 4));
        memory.lose(1);
        state.set(Slots.RAX, 10);
        run("0fc103", 1);
        assertEquals(54, memory.load(DATA, 4));
        memory.lose(1);
        run("8703", 1);
        assertEquals(55, state.get(Slots.RAX));
        assertEquals(44, memory.load(DATA, 4));
    }
}
