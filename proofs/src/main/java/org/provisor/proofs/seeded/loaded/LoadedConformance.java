// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.seeded.loaded;

import org.provisor.proofs.seeded.ErrorFinder;
import org.provisor.proofs.seeded.XenErrorFinder;
import org.provisor.refine.campaign.Campaign;
import org.provisor.refine.campaign.CampaignResult;
import org.provisor.refine.campaign.Unreached;
import org.provisor.refine.campaign.Witness;
import org.provisor.refine.harness.Subject;
import org.provisor.refine.harness.Verdict;
import org.provisor.refine.program.World;
import org.provisor.refine.trace.Replay;
import org.provisor.refine.trace.TraceText;
import org.provisor.refine.xen.QemuXen;
import org.provisor.refine.xen.XenSubject;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// The comparison with a real Xen as it always is, by the specification that this class was loaded
/// with.
public final class LoadedConformance implements XenErrorFinder {

    private static final Duration HUNG = Duration.ofMinutes(1);
    private static final Duration SHRINKING = Duration.ofSeconds(30);

    @Override
    public ErrorFinder on(Path xen, List<String> qemus) {
        QemuXen.Setup setup = QemuXen.Setup.of(xen);
        return new OnXen(qemus.stream().map(setup::withQemu).toList());
    }

    private record OnXen(List<QemuXen.Setup> setups) implements ErrorFinder {

        @Override
        public Search find(long seed, long nanos) {
            QemuXen.Setup first = setups.get(0);
            World world = XenSubject.worldOf(first);
            CampaignResult result =
                    new Campaign(() -> new XenSubject(first, world, false))
                            .seed(seed)
                            .budgetNanos(nanos)
                            .worlds(List.of(world))
                            .excused(Unreached.onXen())
                            .hungNanos(HUNG.toNanos())
                            .shrinkNanos(SHRINKING.toNanos())
                            .witnesses(
                                    setups.stream().map(OnXen::witness).toList(),
                                    XenSubject::isLost)
                            .run();
            return LoadedCampaign.search(result);
        }

        private static Witness witness(QemuXen.Setup setup) {
            return new Witness(
                    "a Xen just started by " + setup.qemu(), () -> new XenSubject(setup, false));
        }

        @Override
        public boolean differs(String program) {
            try (Subject subject = new XenSubject(setups.get(0), false)) {
                return Replay.run(TraceText.parse("", program), subject, _ -> {})
                        instanceof Verdict.Differs;
            }
        }
    }
}
