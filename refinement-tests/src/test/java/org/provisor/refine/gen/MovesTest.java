// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.gen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.provisor.refine.campaign.StatedClauses;
import org.provisor.refine.harness.Run;
import org.provisor.refine.harness.SpecSubject;
import org.provisor.refine.harness.Verdict;
import org.provisor.refine.program.World;
import org.provisor.spec.abi.Hypercall;
import org.provisor.spec.abi.MemoryCommand;
import org.provisor.spec.abi.MmuCommand;
import org.provisor.spec.abi.MmuextCommand;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// What the moves claim to reach, by which campaigns are pointed at clauses.
final class MovesTest {

    private static final int PROGRAMS = 4000;
    private static final String HYPERCALL = "__HYPERVISOR_";

    /// Clauses that no move can reach, since nothing in a 64-bit world does.
    private static final Set<String> UNREACHED = Set.of("x86.walk", "mm.entry.get-xen-l2");

    @Test
    void eachMoveReachesTheClausesItClaims() {
        List<Set<String>> missing = new ArrayList<>();
        int left = 0;
        for (Move move : Moves.ALL) {
            Set<String> claims = new HashSet<>(clauses(move));
            missing.add(claims);
            left += claims.size();
        }
        Script script = new Script(Focus.NONE);
        SpecSubject subject = new SpecSubject();
        for (long seed = 0; left > 0 && seed < PROGRAMS; seed++) {
            World world = script.begin(seed, null);
            Run run = subject.start(world);
            int[] actions = {0};
            script.stage()
                    .start(
                            world,
                            run,
                            action -> {
                                actions[0]++;
                                return reached(missing, script.current(), run.perform(action));
                            });
            script.play(() -> actions[0]);
            left = missing.stream().mapToInt(Set::size).sum();
        }
        List<String> said = new ArrayList<>();
        for (int move = 0; move < missing.size(); move++) {
            for (String clause : missing.get(move)) {
                said.add(Moves.ALL.get(move).name() + " does not reach " + clause);
            }
        }
        assertEquals(List.of(), said);
    }

    private static boolean reached(List<Set<String>> missing, int move, Verdict verdict) {
        if (verdict instanceof Verdict.Agreed(int attempts, var rows)
                && attempts > 0
                && !missing.get(move).isEmpty()) {
            for (String row : rows) {
                missing.get(move).remove(row.substring(0, row.indexOf('/')));
            }
        }
        return !(verdict instanceof Verdict.Differs);
    }

    private static List<String> clauses(Move move) {
        return move.reaches().stream()
                .filter(claim -> StatedClauses.all().containsKey(claim))
                .toList();
    }

    @Test
    void everyClauseWithRowsIsClaimed() {
        Set<String> claimed = new TreeSet<>(UNREACHED);
        Moves.ALL.forEach(move -> claimed.addAll(move.reaches()));
        Set<String> clauses = new TreeSet<>();
        StatedClauses.all()
                .forEach((clause, rows) -> {
                    if (!rows.isEmpty()) {
                        clauses.add(clause);
                    }
                });
        clauses.removeAll(claimed);
        assertEquals(Set.of(), clauses);
    }

    /// What is claimed is a clause, or begins the name of a call or a sub-operation.
    @Test
    void everyClaimMeansSomething() {
        List<String> names = new ArrayList<>(StatedClauses.all().keySet());
        for (Hypercall call : Hypercall.values()) {
            names.add(call.xenName().substring(HYPERCALL.length()));
        }
        for (MemoryCommand command : MemoryCommand.values()) {
            names.add(command.xenName());
        }
        for (MmuextCommand command : MmuextCommand.values()) {
            names.add(command.xenName());
        }
        for (MmuCommand command : MmuCommand.values()) {
            names.add(command.xenName());
        }
        for (Move move : Moves.ALL) {
            for (String claim : move.reaches()) {
                assertTrue(
                        names.stream().anyMatch(name -> name.startsWith(claim)),
                        move.name() + " claims " + claim);
            }
        }
    }

    @Test
    void namesAreOfOneMoveEach() {
        Set<String> names = new HashSet<>();
        Moves.ALL.forEach(move -> assertTrue(names.add(move.name()), move.name()));
    }

    @Test
    void aFocusMakesItsMovesMoreOften() {
        Focus focus = Focus.on("mm.exchange");
        for (int move = 0; move < Moves.ALL.size(); move++) {
            boolean reaches = Moves.ALL.get(move).reaches("mm.exchange");
            assertEquals(reaches, focus.wanted(move));
            assertEquals(
                    reaches,
                    focus.weight(move) > Moves.ALL.get(move).weight(),
                    Moves.ALL.get(move).name());
        }
    }

    @Test
    void aFocusOnNothingIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Focus.on("mm.nothing"));
    }
}
