// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.xen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.provisor.refine.campaign.Campaign;
import org.provisor.refine.campaign.CampaignResult;
import org.provisor.refine.campaign.Finding;
import org.provisor.refine.campaign.Unreached;
import org.provisor.refine.gen.Focus;
import org.provisor.refine.program.NamedProfile;
import org.provisor.refine.program.World;

import java.util.List;

/// A real Xen started in a profile agrees with the specification under that profile, and with it
/// under the other does not.
class ProfileOnXenTest {

    private static final long SEED = 7;
    private static final long STEPS = 2_000;

    @Test
    void withoutLinearTablesXenDoesWhatTheProfileSays() throws InterruptedException {
        QemuXen.Setup setup = InstalledXen.setup().withProfile(NamedProfile.WITHOUT_LINEAR_TABLES);
        CampaignResult result = compared(setup);
        assertEquals(List.of(), result.differences(), "seed " + SEED);
        assertTrue(result.rows().counts().getOrDefault("mm.linear.get/a", 0L) > 0, "seed " + SEED);
        assertEquals(0, result.rows().counts().getOrDefault("mm.linear.get/h", 0L), "seed " + SEED);
    }

    /// The specification as if it ignored the switch.
    @Test
    void aSpecificationThatIgnoresTheOptionDiffers() throws InterruptedException {
        QemuXen.Setup setup =
                InstalledXen.setup().withOptions(NamedProfile.WITHOUT_LINEAR_TABLES.options());
        assertLinearTablesDiffer(compared(setup));
    }

    /// A Xen that is not told.
    @Test
    void aXenThatIgnoresTheOptionDiffers() throws InterruptedException {
        QemuXen.Setup setup =
                InstalledXen.setup()
                        .withProfile(NamedProfile.WITHOUT_LINEAR_TABLES)
                        .withOptions("pv-linear-pt=true");
        assertLinearTablesDiffer(compared(setup));
    }

    private static void assertLinearTablesDiffer(CampaignResult result) {
        assertFalse(result.differences().isEmpty(), "seed " + SEED);
        Finding first = result.differences().getFirst();
        assertTrue(first.text().contains("mm."), first.text());
    }

    private static CampaignResult compared(QemuXen.Setup setup) {
        World world = XenSubject.worldOf(setup);
        return new Campaign(() -> new XenSubject(setup, world, false))
                .seed(SEED)
                .jobs(1)
                .steps(STEPS)
                .worlds(List.of(world))
                .focus(Focus.on("mm.linear"))
                .excused(Unreached.onXen(setup.profile()))
                .shrinkNanos(1)
                .run();
    }
}
