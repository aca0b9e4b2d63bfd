// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.activity;

import org.provisor.proofs.activity.Result.Case;
import org.provisor.proofs.mutation.BranchCheck;
import org.provisor.proofs.mutation.BranchCheck.Seen;
import org.provisor.proofs.mutation.KeptPrograms;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Each branch of the rules has to be seen to go both ways.
///
/// Always from the same seed and with as many steps: the list of ways that nothing goes belongs to
/// them.
final class RuleBranches implements Activity {

    private static final long SEED = 1;
    private static final long STEPS = 60_000;

    private final Supplier<BranchCheck> check;
    private final long steps;

    RuleBranches() {
        this(BranchCheck::new, STEPS);
    }

    /// @param check makes what watches
    /// @param steps of the campaign
    RuleBranches(Supplier<BranchCheck> check, long steps) {
        this.check = check;
        this.steps = steps;
    }

    @Override
    public String name() {
        return "vacuity";
    }

    @Override
    public String claim() {
        return "No guard of a rule is idle: each was seen both true and false, or is excused.";
    }

    @Override
    public String command(Settings settings) {
        return "vacuity";
    }

    @Override
    public Result run(Settings settings, Consumer<String> progress) {
        Seen seen = check.get().run(KeptPrograms.in(settings.project()), SEED, steps);
        List<Case> cases = new ArrayList<>();
        cases.add(new Case("every way was gone or is excused", seen.unseen().isEmpty(), ""));
        seen.unseen()
                .forEach(way ->
                        cases.add(
                                new Case(
                                        "never gone: " + way.id(),
                                        false,
                                        "line " + way.line() + ", " + way.what())));
        seen.needless().forEach(id -> cases.add(new Case("excused for nothing: " + id, false, "")));
        int ways = seen.ways().size();
        int gone = ways - seen.unseen().size() - seen.excused().size();
        return Result.of(
                this,
                String.format(
                        "of %d ways of %d branches %d gone, %d excused",
                        ways, ways / 2, gone, seen.excused().size()),
                Map.of("ways", ways, "gone", gone, "excused", seen.excused()),
                cases);
    }
}
