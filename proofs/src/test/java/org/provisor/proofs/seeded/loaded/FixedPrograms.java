// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.seeded.loaded;

import org.provisor.proofs.seeded.ErrorFinder;
import org.provisor.refine.harness.ImplSubject;
import org.provisor.refine.harness.Subject;
import org.provisor.refine.harness.Switches;
import org.provisor.refine.harness.Verdict;
import org.provisor.refine.program.Program;
import org.provisor.refine.trace.Replay;
import org.provisor.refine.trace.TraceText;

import java.util.List;
import java.util.Optional;

/// In place of a campaign: two programs, always the same.
public final class FixedPrograms implements ErrorFinder {

    private static final String PIN =
            """
            world frames=6 devices=0 processors=1 linear
            domain d1 pages=2 shared=0 max=8 vcpus=1

            d1 poke 0x640000100000 = 0
            d1 poke 0x640000100008 = d1.0
            d1v0 mmuext_op 0x640000100000 1 0 0x7ff0
            d1v0 mmuext_op 0x640000100000 1 0 0x7ff0
            """;

    private static final String GIVE_BACK =
            """
            world frames=6 devices=0 processors=1 linear
            domain d1 pages=2 shared=0 max=8 vcpus=1

            d1 poke 0x640000100100 = d1.1
            d1 poke 0x640000100000 = 0x640000100100
            d1 poke 0x640000100008 = 1
            d1 poke 0x640000100018 = 0x7ff0
            d1v0 memory_op decrease_reservation 0x640000100000
            """;

    @Override
    public Search find(long seed, long nanos) {
        long start = System.nanoTime();
        long steps = 0;
        for (String text : List.of(PIN, GIVE_BACK)) {
            Program program = TraceText.parse("fixed", text);
            steps += program.actions().size();
            if (played(program) instanceof Verdict.Differs(var clause, var part, var why)) {
                return new Search(
                        steps,
                        System.nanoTime() - start,
                        Optional.of(new Difference(clause, part, 1, text, why)));
            }
        }
        return new Search(steps, System.nanoTime() - start, Optional.empty());
    }

    @Override
    public boolean differs(String program) {
        return played(TraceText.parse("fixed", program)) instanceof Verdict.Differs;
    }

    private static Verdict played(Program program) {
        try (Subject subject = new ImplSubject(Switches.ALL)) {
            return Replay.run(program, subject, _ -> {});
        }
    }
}
