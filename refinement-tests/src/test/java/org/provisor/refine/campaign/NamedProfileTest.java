// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.provisor.refine.gen.Focus;
import org.provisor.refine.gen.Worlds;
import org.provisor.refine.harness.ImplSubject;
import org.provisor.refine.harness.Switches;
import org.provisor.refine.program.NamedProfile;
import org.provisor.refine.program.World;

import java.util.List;
import java.util.Optional;

/// Profiles by name, and the implementation in each.
final class NamedProfileTest {

    private static final long SEED = 7;

    @Test
    void eachIsFoundByItsName() {
        for (NamedProfile each : NamedProfile.values()) {
            assertEquals(Optional.of(each), NamedProfile.named(each.toString()));
        }
        assertEquals(List.of("4.17", "4.17-no-linear-pt"), NamedProfile.names());
        assertEquals(Optional.empty(), NamedProfile.named("4.18"));
    }

    @Test
    void itsMachinesAreInIt() {
        assertTrue(Worlds.of(NamedProfile.XEN_4_17).stream().allMatch(World::linearTables));
        assertTrue(
                Worlds.of(NamedProfile.WITHOUT_LINEAR_TABLES).stream()
                        .noneMatch(World::linearTables));
    }

    /// The row that refuses linear tables decides where they are switched off, and nowhere else.
    @Test
    void theImplementationAgreesInEach() {
        for (NamedProfile each : NamedProfile.values()) {
            CampaignResult result =
                    new Campaign(() -> new ImplSubject(Switches.ALL))
                            .seed(SEED)
                            .steps(20_000)
                            .focus(Focus.on("mm.linear"))
                            .worlds(Worlds.of(each))
                            .run();
            assertEquals(List.of(), result.differences(), each + ", seed " + SEED);
            boolean refused = result.rows().counts().getOrDefault("mm.linear.get/a", 0L) > 0;
            boolean taken = result.rows().counts().getOrDefault("mm.linear.get/h", 0L) > 0;
            assertEquals(each == NamedProfile.WITHOUT_LINEAR_TABLES, refused, each.toString());
            assertEquals(each == NamedProfile.XEN_4_17, taken, each.toString());
        }
    }

    @Test
    void whatIsExcusedOnXenIsOfTheProfile() {
        var usual = Unreached.onXen(NamedProfile.XEN_4_17);
        var without = Unreached.onXen(NamedProfile.WITHOUT_LINEAR_TABLES);
        assertTrue(usual.containsKey("mm.linear.get/a"));
        assertFalse(usual.containsKey("mm.linear.get/h"));
        assertFalse(without.containsKey("mm.linear.get/a"));
        assertTrue(without.containsKey("mm.linear.get/h"));
    }
}
