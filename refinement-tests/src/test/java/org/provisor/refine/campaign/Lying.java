// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.campaign;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.harness.Run;
import org.provisor.refine.harness.SpecSubject;
import org.provisor.refine.harness.Subject;
import org.provisor.refine.harness.Verdict;
import org.provisor.refine.program.Action;
import org.provisor.refine.program.FrameNumbers;
import org.provisor.refine.program.World;
import org.provisor.spec.state.Machine;

import java.util.function.Supplier;

/// The specification alone, and a lie after a chosen condition: what finds differences must find
/// it.
final class Lying implements Subject {

    /// Says what is differently, if anything.
    interface Lie {

        /// Looks at what was done.
        ///
        /// @return the part that is said to differ, or null
        @Nullable String after(Action action, Run run, Verdict verdict);
    }

    private final SpecSubject honest = new SpecSubject();
    private final Supplier<Lie> lies;

    /// @param lies makes a lie for each program, which may remember what it saw
    Lying(Supplier<Lie> lies) {
        this.lies = lies;
    }

    @Override
    public Run start(World world) {
        Run run = honest.start(world);
        Lie lie = lies.get();
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
                String part = lie.after(action, run, verdict);
                return part == null ? verdict : new Verdict.Differs("lie", part, "it was said so");
            }

            @Override
            public Verdict finish() {
                return run.finish();
            }
        };
    }
}
