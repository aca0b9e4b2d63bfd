// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.recall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.provisor.proofs.seeded.SeededException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

final class MutantFileTest {

    private static final Implementation BUILT = Implementation.built();

    /// Code that has changed leaves mutants without a place.
    @Test
    void everyMutantFitsAndVerifies() {
        List<String> wrong = new ArrayList<>();
        for (DeclaredMutant mutant : MutantFile.shipped(BUILT)) {
            try {
                assertFalse(MutantClasses.of(mutant, BUILT).isEmpty());
            } catch (SeededException e) {
                wrong.add(e.getMessage());
            }
        }
        assertEquals(List.of(), wrong);
    }

    /// Each kind of change makes a class that verifies, and other code than there was.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "mm.Pinning.putRoot: skip call Vcpu.leave",
                "mm.Pinning.pin: answer call Domain.dying with true",
                "mm.EntryUpdate.level1: answer call EntryFlags.adjustedL1 with argument 1",
                "mm.Claims.stake: pass -1 as argument 2 of Host.setClaim",
                "mm.GuestWalk.level1: call Addresses.canonical instead of Addresses.ofGuest",
                "mm.Pinning.unpin: insert call host.put(mfn) before Host.put (2 of 2)",
                "mm.Pinning.unpin: insert call PageTypes.put(by, mfn) before PageTypes.putBoth",
                "mm.Pinning.unpin: repeat call Host.put before Host.put (2 of 2)",
                "mm.MmuUpdate.requests: repeat call GuestMemory.read before MmuUpdate.request",
                "mm.WholePages.clear: move call PageTypes.put(Vcpu,long) before"
                        + " MachineMemory.clear",
                "mm.Pinning.pin: skip return -Errno.EINVAL",
                "mm.Pinning.pin: return -Errno.EBUSY instead of -Errno.EINVAL",
                "mm.MmuUpdate.call: return 0 instead of -Errno.EFAULT",
                "mm.Pinning.pin: fail instead of return -Errno.EINVAL",
                "mm.FrameTable.getAnybodys: constant FrameTable.REFERENCES instead of"
                        + " FrameTable.REFERENCES - 1",
                "mm.Reservation.populate: fail instead of constant 0 (1 of 4)",
                "mm.Pinning.marked: negate condition (2 of 3)",
                "mm.Pinning.pin: negate condition after Domain.dying",
                "mm.FrameTable.getAnybodys: turn equality over in condition",
                "mm.BasePointers.user: always jump at condition after PageTypes.getBoth",
                "mm.LinearTables.countEntry: never jump at condition (2 of 3)",
                "mm.Pinning.pin: read 5 of Vcpu.oldTable",
                "mm.MmuUpdate.locked: write false to Vcpu.flushTables",
                "mm.MmuUpdate.locked: skip write to Vcpu.flushTables"
            })
    void everyKindOfChangeVerifies(String change) {
        DeclaredMutant mutant = declared(change);
        assertTrue(
                MutantClasses.of(mutant, BUILT).values().stream().noneMatch(MutantFileTest::built));
    }

    /// Whether code is as it was built: the same, read and written again.
    private static boolean built(byte[] bytes) {
        return BUILT.nodes().stream()
                .anyMatch(node -> Arrays.equals(MutantClasses.written(node), bytes));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "mm.Pinning.pin: skip call Host.put | it fits 2 places, not 1",
                "mm.Pinning.pin: skip call Host.put (1 of 3) | it fits 2 places, not 3",
                "mm.Pinning.pin: skip return 7 | it fits 0 places, not 1",
                "mm.Pinning.pinned: skip return 7 | there are 0 such methods, not 1",
                "mm.PageTypes.put: skip return 0 | there are 2 such methods, not 1",
                "mm.Pinning.pin: pass 0 as argument 3 of FrameTable.getMore"
                        + " | getMore has no argument 3",
                "mm.Pinning.pin: answer call FrameTable.getMore with 1 | getMore has no answer",
                "mm.Pinning.unpin: insert call Pinning.unpin(by, what, 0) before Pinning.marked"
                        + " | there are 0 variables 'what', not 1",
                "mm.Pinning.unpin: insert call by.hosts.put(mfn) before Pinning.marked"
                        + " | there is no field hosts of org.provisor.impl.mm.Vcpu",
                "mm.Pinning.unpin: insert call host.putt(mfn) before Pinning.marked"
                        + " | there are 0 methods putt to call, not 1",
                "mm.Pinning.unpin: insert call host.put(owner) before Pinning.marked"
                        + " | 'owner' is no long",
                "mm.Pinning.unpin: move call Host.get before Pinning.marked"
                        + " | something is made of the answer of get"
            })
    void whatDoesNotFitSaysWhy(String change, String why) {
        DeclaredMutant mutant = declared(change);
        SeededException e =
                assertThrows(SeededException.class, () -> MutantClasses.of(mutant, BUILT));
        assertEquals("m: " + change + ": " + why, e.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "mm.Pinning.pin: do not call Host.put | nothing is called 'do not call Host.put'",
                "mm.Pin.pin: skip call Host.put | there is no class mm.Pin",
                "mm.Pinning.pin: skip return -Errno.ENOTHING"
                        + " | 'Errno.ENOTHING' is neither a number nor a constant of a class",
                "mm.Pinning.pin: call Host.putt instead of Host.put"
                        + " | there is no method Host.putt",
                "mm.Pinning.pin: skip call Host.put (3 of 2) | there is no place 3 of 2",
                "Pinning: skip | a change is like 'mm.Pinning.pin: skip call Host.put', not"
                        + " 'Pinning: skip'"
            })
    void whatIsNoChangeSaysWhere(String change, String why) {
        assertWrong("t: line 3: " + why, "[m]\nWhat is wrong.\n" + change);
    }

    @Test
    void whatIsNoMutantSaysWhere() {
        assertWrong("t declares no mutant", "# nothing\n");
        assertWrong("t: line 1: a mutant starts with [its-name], not with 'm'", "m\n");
        assertWrong("t: line 2: what is missing here is what is wrong, in a line", "[m]\n\n");
        assertWrong("t: line 3: m changes nothing", "[m]\nWhat is wrong.\n");
        String one = "[m]\nWhat is wrong.\nmm.Pinning.putRoot: skip call Vcpu.leave\n";
        assertWrong("t: line 4: a second mutant is called m", one + one);
    }

    private static void assertWrong(String message, String text) {
        assertEquals(
                message,
                assertThrows(SeededException.class, () -> MutantFile.of("t", text, BUILT))
                        .getMessage());
    }

    private static DeclaredMutant declared(String change) {
        return MutantFile.of("t", "[m]\nWhat is wrong.\n" + change, BUILT).getFirst();
    }
}
