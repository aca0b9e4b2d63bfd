// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.provisor.refine.gen.Focus;
import org.provisor.refine.harness.ImplSubject;
import org.provisor.refine.harness.SpecSubject;
import org.provisor.refine.harness.Subject;
import org.provisor.refine.harness.Switches;
import org.provisor.refine.program.Action;
import org.provisor.refine.program.Program;
import org.provisor.refine.trace.TraceText;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// One call preempted in all ways.
final class SweepTest {

    /// A level 2 table with two level 1 tables, pinned, then unpinned; then the domain dies.
    private static final Program PROGRAM =
            TraceText.parse(
                    "sweep",
                    """
                    world frames=32 devices=0 processors=1 linear
                    domain d0 pages=2 shared=0 max=4 vcpus=1 privileged
                    domain d1 pages=8 shared=1 max=8 vcpus=1

                    d1 fill d1.0[1] = d1.3:7
                    d1 fill d1.1[2] = d1.3:5
                    d1 fill d1.2[0] = d1.0:7
                    d1 fill d1.2[3] = d1.1:7
                    d1 poke 0x640000100000 = 1
                    d1 poke 0x640000100008 = d1.2
                    d1v0 mmuext_op 0x640000100000 1 0 0x7ff0
                    d1 poke 0x640000100000 = 4
                    d1v0 mmuext_op 0x640000100000 1 0 0x7ff0
                    d1 poke 0x640000100000 = 1
                    d1v0 mmuext_op 0x640000100000 1 0 0x7ff0
                    d0 destroy d1
                    """);

    private static final int PIN = 6;
    private static final int UNPIN = 8;
    private static final int DESTROY = 11;

    /// A check is made at each entry of a level 2 table but the first.
    private static final int CHECKS = 511;

    private static Player player(Supplier<? extends Subject> subjects) {
        return new Player(new Subjects(subjects), Focus.NONE);
    }

    @Test
    void aCallIsPreemptedAtEachOfItsChecks() {
        Player player = player(SpecSubject::new);
        assertEquals(CHECKS + 1, new Sweep(player).preemptAtEach(PROGRAM, PIN));
        assertNull(player.differs());
        assertEquals(CHECKS + 1, new Sweep(player).preemptAtEach(PROGRAM, UNPIN));
    }

    @Test
    void theImplementationMakesTheSameOfAllOfThem() {
        for (int action : List.of(PIN, UNPIN, DESTROY)) {
            Player player = player(() -> new ImplSubject(Switches.ALL));
            new Sweep(player).preemptAtEach(PROGRAM, action);
            assertNull(player.differs());
        }
    }

    @Test
    void aDifferenceEndsIt() {
        Supplier<Subject> lying =
                () ->
                        new Lying(() ->
                                (action, _, _) ->
                                        action instanceof Action.Call call
                                                        && call.stimulus().patience() == 17
                                                ? "lie"
                                                : null);
        Player player = player(lying);
        assertEquals(18, new Sweep(player).preemptAtEach(PROGRAM, PIN));
        assertNotNull(player.differs());
    }

    @Test
    void someOfManyPlacesAreEnough() {
        List<Integer> places = new ArrayList<>();
        Supplier<Subject> watching =
                () ->
                        new Lying(() ->
                                (action, _, _) -> {
                                    if (action instanceof Action.Call call
                                            && call.stimulus().patience() != Integer.MAX_VALUE) {
                                        places.add(call.stimulus().patience());
                                    }
                                    return null;
                                });
        int runs = new Sweep(player(watching)).preempt(PROGRAM, PIN);
        assertEquals(places.size(), runs);
        assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8), places.subList(0, 9));
        assertEquals(true, runs < 40 && places.getLast() >= CHECKS);
    }
}
