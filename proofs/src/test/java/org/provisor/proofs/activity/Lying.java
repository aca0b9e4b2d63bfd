// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.activity;

import org.provisor.refine.harness.Run;
import org.provisor.refine.harness.SpecSubject;
import org.provisor.refine.harness.Subject;
import org.provisor.refine.harness.Verdict;
import org.provisor.refine.program.Action;
import org.provisor.refine.program.FrameNumbers;
import org.provisor.refine.program.World;
import org.provisor.spec.state.Machine;

/// The specification alone, which lies about descriptors.
public final class Lying implements Subject {

    private static final String ROW = "mm.descriptor.update/a";

    private final SpecSubject honest = new SpecSubject();

    @Override
    public Run start(World world) {
        Run run = honest.start(world);
        return new Run() {
            @Override
            public Machine machine() {
                return run.machine();
            }

            @Override
            public FrameNumbers numbers() {
                return run.numbers();
            }

            @Override
            public long word(long frame, int slot) {
                return run.word(frame, slot);
            }

            @Override
            public long callWord(int domain, long linear) {
                return run.callWord(domain, linear);
            }

            @Override
            public Verdict perform(Action action) {
                Verdict verdict = run.perform(action);
                return verdict instanceof Verdict.Agreed(int _, var rows) && rows.contains(ROW)
                        ? new Verdict.Differs("none", "lie", "on purpose")
                        : verdict;
            }

            @Override
            public Verdict finish() {
                return run.finish();
            }
        };
    }
}
