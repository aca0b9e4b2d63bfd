// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.mutation.loaded;

import org.jspecify.annotations.Nullable;
import org.provisor.proofs.mutation.MutatedRules;
import org.provisor.proofs.seeded.loaded.ExampleCheck;
import org.provisor.refine.campaign.Campaign;
import org.provisor.refine.harness.ImplSubject;
import org.provisor.refine.harness.Subject;
import org.provisor.refine.harness.Switches;
import org.provisor.refine.harness.Verdict;
import org.provisor.refine.program.Program;
import org.provisor.refine.program.World;
import org.provisor.refine.trace.Replay;
import org.provisor.refine.trace.TraceText;
import org.provisor.spec.example.Example;
import org.provisor.spec.example.Examples;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// The mutants in the rules that this class was loaded with, and what judges them.
public final class LoadedMutants implements MutatedRules {

    /// Something that comes out as it should with the rules as they are.
    ///
    /// @param wrong what is wrong with it now; null if nothing is
    private record Check(By by, String name, Supplier<@Nullable String> wrong) {}

    /// A check that judges.
    ///
    /// @param most steps after which it is taken to go on for ever
    private record Judge(Check check, long most) {}

    /// So many times as long as with the rules as they are, and a little more.
    private static final long PATIENCE = 20;

    private static final long MORE_PATIENCE = 20_000;

    private final List<Judge> checks = new ArrayList<>();
    private final Map<Integer, BitSet> executing = new HashMap<>();
    private final Machines thorough = new Machines(Switches.THOROUGH);
    private final Machines machines = new Machines(Switches.ALL);

    /// What programs run on, one for each machine that they start on.
    private record Machines(Switches switches, Map<World, Subject> subjects) {

        Machines(Switches switches) {
            this(switches, new HashMap<>());
        }

        @Nullable String wrong(Program program) {
            Subject subject =
                    subjects.computeIfAbsent(program.world(), _ -> new ImplSubject(switches));
            return Replay.run(program, subject, _ -> {}) instanceof Verdict.Differs differs
                    ? differs.part()
                    : null;
        }
    }

    @Override
    public Prepared prepare(Map<String, String> traces, long seed, long steps) {
        List<Check> all = new ArrayList<>();
        for (Example example : Examples.all()) {
            all.add(
                    new Check(
                            By.EXAMPLE,
                            example.row() + ": " + example.title(),
                            () -> ExampleCheck.wrong(example).getOrNull()));
        }
        traces.forEach((name, text) -> {
            Program program = TraceText.parse(name, text);
            all.add(new Check(By.TRACE, name, () -> thorough.wrong(program)));
        });
        for (Program program : made(seed, steps)) {
            all.add(
                    new Check(
                            By.REFINEMENT,
                            "program " + (all.size() + 1),
                            () -> machines.wrong(program)));
        }
        return prepared(all);
    }

    private static List<Program> made(long seed, long steps) {
        List<Program> programs = new ArrayList<>();
        if (steps > 0) {
            new Campaign(() -> new ImplSubject(Switches.ALL))
                    .seed(seed)
                    .steps(steps)
                    .played(programs::add)
                    .run();
        }
        return programs;
    }

    private Prepared prepared(List<Check> all) {
        Map<By, Integer> counts = new EnumMap<>(By.class);
        List<String> wrong = new ArrayList<>();
        for (Check check : all) {
            BitSet executed = new BitSet();
            Selected.note(executed);
            String now = wrong(check);
            long steps = Selected.note(null);
            if (now != null) {
                wrong.add(check.name + ": " + now);
                continue;
            }
            int number = checks.size();
            executed.stream()
                    .forEach(place ->
                            executing.computeIfAbsent(place, _ -> new BitSet()).set(number));
            checks.add(new Judge(check, PATIENCE * steps + MORE_PATIENCE));
            counts.merge(check.by, 1, Integer::sum);
        }
        return new Prepared(counts, wrong);
    }

    private static @Nullable String wrong(Check check) {
        try {
            return check.wrong.get();
        } catch (RuntimeException | StackOverflowError | AssertionError e) {
            return "exception: " + e.getClass().getSimpleName();
        }
    }

    @Override
    public boolean executed(int place) {
        return executing.containsKey(place);
    }

    @Override
    public Optional<Killed> judge(int place, int number) {
        BitSet by = executing.getOrDefault(place, new BitSet());
        for (int i = by.nextSetBit(0); i >= 0; i = by.nextSetBit(i + 1)) {
            Judge judge = checks.get(i);
            Check check = judge.check;
            Selected.on(number, judge.most);
            String wrong = wrong(check);
            Selected.off();
            if (wrong != null) {
                return Optional.of(new Killed(check.by, check.name, wrong));
            }
        }
        return Optional.empty();
    }
}
