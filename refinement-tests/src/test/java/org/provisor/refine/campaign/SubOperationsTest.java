// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.provisor.refine.harness.Run;
import org.provisor.refine.harness.SpecSubject;
import org.provisor.refine.harness.Verdict;
import org.provisor.refine.program.Action;
import org.provisor.refine.program.Action.Stimulus;
import org.provisor.refine.program.CallMemory;
import org.provisor.refine.program.FrameName;
import org.provisor.refine.program.FrameNumbers;
import org.provisor.refine.program.Operand;
import org.provisor.spec.state.Machine;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.LongStream;

/// Which sub-operations an action is counted as.
final class SubOperationsTest {

    private static final long LIST = CallMemory.START;
    private static final long SELF = 0x7FF0;

    private final SubOperations counted = new SubOperations();
    private final Memory memory = new Memory();

    /// The memory of a caller, and nothing else.
    private static final class Memory implements Run, FrameNumbers {

        private final Map<Long, Long> words = new HashMap<>();

        @Override
        public FrameNumbers numbers() {
            return this;
        }

        @Override
        public long callWord(int domain, long linear) {
            return words.getOrDefault(linear, 0L);
        }

        @Override
        public long number(FrameName frame) {
            throw new UnsupportedOperationException();
        }

        @Override
        public @Nullable FrameName name(long number) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Machine machine() {
            throw new UnsupportedOperationException();
        }

        @Override
        public long word(long frame, int slot) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Verdict perform(Action action) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Verdict finish() {
            throw new UnsupportedOperationException();
        }
    }

    private void done(Action action, String... rows) {
        counted.ask(memory, action);
        counted.done(List.of(rows));
    }

    private static Action call(long number, long... arguments) {
        return new Action.Call(
                0,
                0,
                Operand.of(number),
                LongStream.of(arguments).mapToObj(Operand::of).toList(),
                Stimulus.NONE);
    }

    /// What was counted since this was asked last.
    private Map<String, Long> counts() {
        long[] totals = SubOperations.none();
        counted.drainTo(totals);
        Map<String, Long> some = new HashMap<>(SubOperations.named(totals));
        assertEquals(totals.length, some.size());
        some.values().removeIf(count -> count == 0);
        return some;
    }

    /// What lies behind the request that was refused was not done; a command that there is not is
    /// nothing's.
    @Test
    void requestsCountAsFarAsTheyWereBegun() {
        memory.words.put(LIST, 3L);
        memory.words.put(LIST + 24, 3L | 7L << 32);
        memory.words.put(LIST + 48, 16L);
        memory.words.put(LIST + 72, 4L);
        String row = "mm.mmuext.operation/c";
        done(call(26, LIST, 4, 0, SELF), "mm.mmuext.batch/f", row, "mm.pin/d", row, row);
        assertEquals(
                Map.of("mmuext_op MMUEXT_PIN_L4_TABLE", 2L, "mmuext_op MMUEXT_CLEAR_PAGE", 1L),
                counts());
        memory.words.put(LIST, 99L);
        done(call(26, LIST, 2, 0, SELF), row);
        assertEquals(Map.of(), counts());
    }

    /// The list of a call that is made again, and one that ends before it was said to.
    @Test
    void updatesCountByTheLowBitsOfTheirAddress() {
        memory.words.put(LIST, 0x5001L);
        memory.words.put(LIST + 16, 0x5002L);
        String row = "mm.mmu-update.request/a";
        done(call(1, LIST, 2 | 1L << 31, 0, SELF), row, row);
        assertEquals(
                Map.of(
                        "mmu_update MMU_MACHPHYS_UPDATE",
                        1L,
                        "mmu_update MMU_PT_UPDATE_PRESERVE_AD",
                        1L),
                counts());
        long last = CallMemory.START + CallMemory.READABLE - 8;
        done(call(1, last, 1000, 0, SELF), row, row, row);
        assertEquals(Map.of("mmu_update MMU_NORMAL_PT_UPDATE", 1L), counts());
    }

    @Test
    void otherCallsCountAsWhatTheyAskFor() {
        done(call(12, 1 | 5 << 6, LIST), "mm.reservation/a");
        done(call(12, 28, LIST));
        done(call(21, 1, 32), "mm.vm-assist/d");
        done(call(21, 7, 32), "mm.vm-assist/b");
        done(call(22, 0, 0, 0, SELF), "mm.update-va-mapping.other-domain/b");
        done(call(13, 0, 0));
        assertEquals(
                Map.of(
                        "memory_op XENMEM_decrease_reservation",
                        1L,
                        "vm_assist VMASST_CMD_disable VMASST_TYPE_m2p_strict",
                        1L,
                        "update_va_mapping_otherdomain",
                        1L),
                counts());
    }

    @Test
    void whatAGuestDoesWithoutACall() {
        Operand zero = Operand.of(0);
        done(new Action.WriteReadOnly(0, 0, 8, 8, 8, zero, null), "mm.ptwr/a");
        done(new Action.WriteReadOnly(0, 0, 8, 8, 8, zero, zero), "mm.ptwr/a");
        done(new Action.LoadDescriptor(0, 0, 8), "mm.ldt.map/a");
        done(new Action.Poke(0, LIST, zero));
        Action.Frame frame = new Action.Frame(0, 3, 2, 0, 3, 0, 0);
        done(new Action.Arrive(0, 0, Action.Cause.IRET, 0, 0, 0, frame, 0, false), "pv.iret/a");
        assertEquals(
                Map.of(
                        "iret",
                        1L,
                        "write to a page table",
                        1L,
                        "exchange on a page table",
                        1L,
                        "load of a descriptor",
                        1L),
                counts());
    }

    /// What was asked for and not done counts for nothing.
    @Test
    void whatIsNotDoneIsNotCounted() {
        counted.ask(memory, call(12, 2));
        done(new Action.Poke(0, LIST, Operand.of(0)));
        assertEquals(Map.of(), counts());
    }

    @Test
    void theSummaryHasThoseThatWereNeverDone() {
        CampaignResult result = new Campaign(SpecSubject::new).steps(50).run();
        assertEquals(SubOperations.NAMES, result.operations().keySet().stream().toList());
        assertTrue(
                result.coverage().lines().anyMatch(line -> line.matches("mmuext_op [A-Z_0-9]+ +0")),
                result.coverage());
    }
}
