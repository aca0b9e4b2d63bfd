// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.mcdc;

import org.provisor.impl.mm.Host;
import org.provisor.proofs.coverage.Clauses;
import org.provisor.proofs.mcdc.Drive.Driven;
import org.provisor.proofs.mcdc.Drive.Listener;
import org.provisor.proofs.mcdc.Drive.Together;
import org.provisor.proofs.mutation.Reasons;
import org.provisor.proofs.seeded.SeededException;
import org.provisor.proofs.seeded.SeededLoader;
import org.provisor.refine.concurrent.SwitchPoints;
import org.provisor.spec.notation.Clause;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;

/// MC/DC of the specification's rules and of the implementation's memory management.
public final class McdcCheck {

    /// How much has to be shown of a module, in hundredths of what is not excused.
    private static final Map<String, Integer> ENOUGH = Map.of("spec", 95, "impl", 95);

    /// How many steps the list of gaps that are excused is for.
    public static final long STEPS = 60_000;

    private static final String DRIVE = "org.provisor.proofs.mcdc.loaded.LoadedDrive";

    /// Where decisions are watched: the module, the package.
    private static final List<String> PACKAGES =
            List.of("spec.hypercall.", "spec.mm.", "spec.pv.", "spec.transition.", "impl.mm.");

    private static final String BASE = "org.provisor.";

    /// All that leads to a decision.
    private static final List<String> LOADED =
            List.of(
                    "org.provisor.spec.",
                    "org.provisor.impl.",
                    "org.provisor.refine.",
                    "org.provisor.proofs.mcdc.loaded.",
                    "org.provisor.proofs.seeded.loaded.");

    private final Watched watched = new Watched();
    private final Map<String, String> reasons;

    public McdcCheck() {
        this(Reasons.shipped(McdcCheck.class, "gaps.txt"));
    }

    /// The same with other reasons, by condition.
    public McdcCheck(Map<String, String> reasons) {
        this.reasons = reasons;
        classes()
                .forEach((module, classes) ->
                        classes.values().forEach(bytes -> watched.add(module, bytes)));
    }

    /// The classes of the rules and of the implementation's memory management as they were built,
    /// by module and name.
    public static Map<String, Map<String, byte[]>> classes() {
        Map<String, byte[]> all = new TreeMap<>(Clauses.classFiles(Clause.class));
        all.putAll(Clauses.classFiles(Host.class));
        Map<String, Map<String, byte[]>> classes = new TreeMap<>();
        all.forEach((name, bytes) -> {
            for (String each : PACKAGES) {
                if (name.startsWith(BASE + each)) {
                    String module = each.substring(0, each.indexOf('.'));
                    classes.computeIfAbsent(module, _ -> new TreeMap<>()).put(name, bytes);
                }
            }
        });
        return classes;
    }

    /// A condition that nothing shows.
    ///
    /// @param id `impl/PageTypes.put/decision-2.1`
    /// @param missing what would show it, in a few words
    /// @param reason why nothing can; empty if something should
    /// @param seen the evaluations of the decision, as text
    public record Gap(
            Decision decision,
            int index,
            String id,
            String missing,
            String reason,
            List<String> seen) {

        public Decision.Condition condition() {
            return decision.conditions().get(index);
        }
    }

    /// How much of a module is shown.
    ///
    /// @param decisions how many it has, switches among them
    /// @param conditions how many these have
    /// @param uniqueCause how many are shown with nothing else different
    /// @param masking how many only with something else that is masked
    /// @param justified how many nothing can show
    public record Figures(
            int decisions, int conditions, int uniqueCause, int masking, int justified) {

        public int shown() {
            return uniqueCause + masking;
        }

        /// Whether enough is shown of what can be.
        ///
        /// @param module whose figures these are
        public boolean enough(String module) {
            return 100 * shown() >= hundredths(module) * (conditions - justified);
        }

        /// How much is shown, of all conditions, in hundredths.
        public double percent() {
            return conditions == 0 ? 100 : 100.0 * shown() / conditions;
        }
    }

    /// What came of it.
    ///
    /// @param runs what was run
    /// @param figures by module
    /// @param gaps every condition that nothing shows
    /// @param complaints decisions that only complain of what cannot happen; they do not count
    /// @param needless reasons for what is shown, or is not there
    public record Result(
            Runs runs,
            Map<String, Figures> figures,
            List<Gap> gaps,
            List<String> complaints,
            List<String> needless) {

        /// Whether enough is shown of each module, and nothing is excused that is shown.
        public boolean fine() {
            return needless.isEmpty()
                    && figures.entrySet().stream()
                            .allMatch(each -> each.getValue().enough(each.getKey()));
        }
    }

    /// The decisions that are watched.
    public List<Decision> decisions() {
        return watched.decisions();
    }

    /// Runs the worked examples, kept traces and a campaign, and judges what they show.
    ///
    /// @param traces programs that were kept, by name
    /// @param seed what the campaign makes its programs up from
    /// @param steps how many steps it has; none if 0
    /// @param listener is told of what the campaign does
    /// @throws SeededException if something did not come out as it should
    public Result run(Map<String, String> traces, long seed, long steps, Listener listener)
            throws InterruptedException {
        Runs runs =
                runs(watched.classes(), watched.decisions().size(), traces, seed, steps, listener);
        return judged(runs);
    }

    /// What one vCPU did, and what two did at once.
    public record Runs(Driven driven, Together together) {

        /// How much was run, by name.
        public Map<String, Object> figures() {
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("examples", driven.examples());
            figures.put("traces", driven.traces());
            figures.put("steps", driven.steps());
            figures.put("elements", together.elements());
            return figures;
        }

        /// The same in a line.
        public String text() {
            return String.format(
                    Locale.ROOT,
                    "run: %,d examples, %,d kept traces, a campaign of %,d steps, %,d elements of"
                            + " two vCPUs at once",
                    driven.examples(),
                    driven.traces(),
                    driven.steps(),
                    together.elements());
        }
    }

    /// Runs the worked examples, kept traces, a kernel and a campaign, and at the same time a
    /// campaign of two vCPUs.
    ///
    /// @param given the classes that are not as they were built, by name
    /// @param decisions how many of them are watched
    /// @param traces programs that were kept, by name
    /// @param seed what the campaigns make their programs up from
    /// @param steps how many steps they have; none if 0
    /// @param listener is told of what the campaign of one vCPU does
    /// @throws SeededException if something did not come out as it should
    public static Runs runs(
            Map<String, byte[]> given,
            int decisions,
            Map<String, String> traces,
            long seed,
            long steps,
            Listener listener)
            throws InterruptedException {
        FutureTask<Together> together =
                new FutureTask<>(
                        () -> drive(given, McdcCheck::inTurns).together(decisions, seed, steps));
        Thread.ofPlatform().daemon().name("two-vcpus").start(together);
        Driven driven =
                drive(given, (_, bytes) -> bytes)
                        .run(decisions, new TreeMap<>(traces), seed, steps, listener);
        Together also = ended(together);
        for (List<String> wrong : List.of(driven.wrong(), also.wrong())) {
            if (!wrong.isEmpty()) {
                throw new SeededException(
                        "rules and implementation do not pass: " + wrong.getFirst());
            }
        }
        return new Runs(driven, also);
    }

    /// The conditions that evaluations show.
    ///
    /// @param seen the evaluations of each decision
    public Set<String> shown(List<int[]> seen) {
        Set<String> shown = new HashSet<>();
        for (Decision decision : watched.decisions()) {
            int[] noted = seen.get(decision.number());
            for (int i = 0; i < decision.conditions().size(); i++) {
                if (shown(decision, noted, i).missing.isEmpty()) {
                    shown.add(decision.id(i));
                }
            }
        }
        return shown;
    }

    /// How much has to be shown of a module, in hundredths of what is not excused.
    public static int hundredths(String module) {
        return Objects.requireNonNull(ENOUGH.get(module));
    }

    private static Drive drive(Map<String, byte[]> given, SeededLoader.Preparation prepared) {
        return SeededLoader.load(LOADED, given, prepared, Drive.class, DRIVE);
    }

    private static byte[] inTurns(String name, byte[] bytes) {
        return name.startsWith(SwitchPoints.PACKAGES) ? SwitchPoints.in(bytes) : bytes;
    }

    private static Together ended(FutureTask<Together> task) throws InterruptedException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private Result judged(Runs runs) {
        Map<String, Figures> figures = new TreeMap<>();
        List<Gap> gaps = new ArrayList<>();
        Map<String, String> left = new TreeMap<>(reasons);
        for (Decision decision : watched.decisions()) {
            int[] noted =
                    IntStream.concat(
                                    Arrays.stream(runs.driven.seen().get(decision.number())),
                                    Arrays.stream(runs.together.seen().get(decision.number())))
                            .sorted()
                            .distinct()
                            .toArray();
            int unique = 0;
            int masking = 0;
            int justified = 0;
            for (int i = 0; i < decision.conditions().size(); i++) {
                Shown shown = shown(decision, noted, i);
                unique += shown.unique ? 1 : 0;
                masking += shown.masking ? 1 : 0;
                if (!shown.missing.isEmpty()) {
                    String reason = left.remove(decision.id(i));
                    justified += reason == null ? 0 : 1;
                    gaps.add(
                            new Gap(
                                    decision,
                                    i,
                                    decision.id(i),
                                    shown.missing,
                                    reason == null ? "" : reason,
                                    shown.seen));
                }
            }
            Figures one = new Figures(1, decision.conditions().size(), unique, masking, justified);
            figures.merge(
                    decision.id().substring(0, decision.id().indexOf('/')), one, McdcCheck::sum);
        }
        return new Result(runs, figures, gaps, watched.complaints(), List.copyOf(left.keySet()));
    }

    private static Figures sum(Figures a, Figures b) {
        return new Figures(
                a.decisions + b.decisions,
                a.conditions + b.conditions,
                a.uniqueCause + b.uniqueCause,
                a.masking + b.masking,
                a.justified + b.justified);
    }

    private record Shown(boolean unique, boolean masking, String missing, List<String> seen) {}

    private static Shown shown(Decision decision, int[] noted, int index) {
        return decision.isSwitch() ? way(noted, index) : condition(decision, noted, index);
    }

    private static Shown condition(Decision decision, int[] noted, int index) {
        List<Evaluation> seen = Arrays.stream(noted).mapToObj(Evaluation::of).toList();
        Optional<Judgement.Pair> pair = Judgement.pair(decision, index, seen);
        if (pair.isPresent()) {
            boolean unique = pair.get().uniqueCause();
            return new Shown(unique, !unique, "", List.of());
        }
        return new Shown(
                false,
                false,
                Judgement.missing(decision, index, seen),
                seen.stream().map(each -> each.text(decision.conditions().size())).toList());
    }

    /// A way of a switch is shown if it was gone, and another one too.
    private static Shown way(int[] noted, int index) {
        boolean gone = Arrays.stream(noted).anyMatch(way -> way == index);
        if (gone && noted.length > 1) {
            return new Shown(true, false, "", List.of());
        }
        return new Shown(
                false, false, gone ? "no other way is ever gone" : "it is never gone", List.of());
    }
}
