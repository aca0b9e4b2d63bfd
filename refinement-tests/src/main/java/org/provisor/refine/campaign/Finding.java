// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.campaign;

import org.provisor.refine.harness.Verdict.Differs;
import org.provisor.refine.program.Action;
import org.provisor.refine.program.Program;
import org.provisor.refine.trace.TraceText;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// A program that showed a difference.
///
/// @param seed of the round that it was found in: a campaign of this seed finds it again, first
/// @param number which program of the round
/// @param only what the campaign looked for mostly, empty for all
/// @param found the program as it was found, up to the difference
/// @param shrunk the least program that was found to differ in the same way
/// @param differs what the shrunk program shows
/// @param seenOn what each [Witness] saw, in words
public record Finding(
        long seed,
        int number,
        String only,
        Program found,
        Program shrunk,
        Differs differs,
        List<String> seenOn) {

    public Finding {
        seenOn = List.copyOf(seenOn);
    }

    /// Differences of one kind are one finding.
    public String kind() {
        return kind(differs);
    }

    static String kind(Differs differs) {
        return differs.part() + " after " + differs.clause();
    }

    /// How many calls the shrunk program makes; what a kernel writes is no call.
    public int calls() {
        return calls(shrunk);
    }

    static int calls(Program program) {
        int calls = 0;
        for (Action action : program.actions()) {
            calls += action instanceof Action.Poke || action instanceof Action.Fill ? 0 : 1;
        }
        return calls;
    }

    /// The difference, and the program that shows it as a trace.
    public String text() {
        return said() + "\n" + TraceText.print(shrunk);
    }

    /// The program as a trace, with the difference in comments before it.
    public String trace() {
        StringBuilder text = new StringBuilder();
        said().lines().forEach(line -> text.append("# ").append(line).append('\n'));
        return text.append('\n').append(TraceText.print(shrunk)).toString();
    }

    private String said() {
        return kind()
                + "\n"
                + differs.explanation().strip().indent(2)
                + seenOn.stream().map(line -> line + "\n").collect(Collectors.joining())
                + String.format(
                        Locale.ROOT,
                        "found by --seed 0x%x%s as program %d; left are %d calls and %d actions of"
                                + " %d and %d\n",
                        seed,
                        only.isEmpty() ? "" : " --only " + only,
                        number,
                        calls(),
                        shrunk.actions().size(),
                        calls(found),
                        found.actions().size());
    }
}
