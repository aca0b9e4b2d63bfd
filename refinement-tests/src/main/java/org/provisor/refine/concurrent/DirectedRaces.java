// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.concurrent;

import org.jspecify.annotations.Nullable;
import org.provisor.impl.mm.Domain;
import org.provisor.impl.mm.Host;
import org.provisor.refine.abstraction.MachineAbstraction;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.VcpuId;

import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Pairs of calls in the states of [Scenes]. One vCPU begins its call and is interrupted at one of
/// the [SwitchPoints]; there the other makes its call, or two of which the second undoes the first,
/// to the end or until it has to wait; then the first goes on. So it is done for each point, every
/// time on a machine brought into the same state anew, and each outcome is judged as a round of the
/// campaign is. Outcomes that are the same in all that is compared are judged once.
///
/// A switch point is an access to what threads share; of many words of memory read in a row only
/// the first few are, see [Turns].
public final class DirectedRaces implements Races {

    private final TwoVcpus machine = new TwoVcpus();
    private final List<Scene> scenes = new Scenes(machine.numbers()).all();
    private final List<Meeting> meetings = meetings(scenes);

    /// The machine of each scene once it is prepared, as the specification has it.
    private final Map<Scene, Machine> prepared = new HashMap<>();

    /// What two vCPUs do in a scene.
    private record Meeting(Scene scene, Scene.Pair who, Scene.Call first, List<Scene.Call> second) {

        @Override
        public String toString() {
            return scene.name()
                    + ": "
                    + who.first()
                    + " does "
                    + first
                    + ", interrupted by "
                    + who.second()
                    + " that does "
                    + second.stream()
                            .map(Scene.Call::toString)
                            .collect(Collectors.joining(", and then "));
        }
    }

    /// Races on the implementation with [SwitchPoints] in it.
    public static Races inTurns() {
        return new TurnTakingClasses().races();
    }

    private static List<Meeting> meetings(List<Scene> scenes) {
        List<Meeting> all = new ArrayList<>();
        for (Scene scene : scenes) {
            for (Scene.Pair who : scene.pairs()) {
                for (Scene.Call first : scene.calls()) {
                    for (Scene.Call second : scene.calls()) {
                        all.add(new Meeting(scene, who, first, List.of(second)));
                    }
                    for (List<Scene.Call> visit : scene.visits()) {
                        all.add(new Meeting(scene, who, first, visit));
                    }
                }
            }
        }
        return all;
    }

    @Override
    public int pairs() {
        return meetings.size();
    }

    @Override
    public String text(int number) {
        return meetings.get(number).toString();
    }

    @Override
    public RaceResult run(int number) {
        return new Running(meetings.get(number)).run();
    }

    // States.

    private Machine pre(Scene scene) {
        Machine known = prepared.get(scene);
        if (known == null) {
            known = judged(scene);
            prepared.put(scene, known);
        }
        return known;
    }

    /// Brings a machine into the state of a scene.
    private void prepare(Scene scene) {
        begin(scene);
        for (Scene.Step step : scene.steps()) {
            alone(step);
        }
    }

    private void begin(Scene scene) {
        machine.boot();
        Host host = machine.host();
        for (Scene.Word word : scene.words()) {
            host.memory().setWord((word.mfn() << 12) + 8L * word.slot(), word.value());
        }
    }

    private Side alone(Scene.Step step) {
        Side only = side(step.by(), List.of(step.call().by(step.by())));
        only.once(only);
        return only;
    }

    /// The same, each step judged.
    private Machine judged(Scene scene) {
        begin(scene);
        Machine now = MachineAbstraction.machine(machine.host(), TwoVcpus.IDS);
        for (Scene.Step step : scene.steps()) {
            long[] before = machine.words();
            List<Element> done = alone(step).done();
            Round round = new Round(machine, now, before, done, List.of());
            String ending = done.getLast().calls.toString();
            if (!round.explained() || !ending.startsWith(step.ending())) {
                throw new IllegalStateException(
                        scene.name() + ": " + step.call() + " ends: " + ending);
            }
            now = round.post();
        }
        return now;
    }

    private Side side(VcpuId id, List<Element> planned) {
        Domain domain = machine.host().domain(id.domain().value());
        if (domain == null) {
            throw new IllegalStateException("gone: " + id);
        }
        return new Side(domain.vcpu(id.number()), planned, machine::walk);
    }

    /// All that is compared of an outcome, but for what processors remember.
    private record Outcome(List<List<Object>> elements, Machine machine, LongBuffer words) {}

    private final class Running {

        private final Meeting meeting;
        private final Machine pre;
        private final Map<Moment, Long> moments = new EnumMap<>(Moment.class);
        private final Set<Outcome> explained = new HashSet<>();
        private long outcomes;
        private RaceResult.@Nullable Finding finding;

        Running(Meeting meeting) {
            this.meeting = meeting;
            pre = pre(meeting.scene);
        }

        RaceResult run() {
            int point = 0;
            while (finding == null && met(point)) {
                point++;
            }
            Map<String, Long> counted = new HashMap<>();
            moments.forEach((moment, count) -> counted.put(moment.name(), count));
            return new RaceResult(
                    1, point, outcomes, counted, finding == null ? List.of() : List.of(finding));
        }

        /// Whether the first has such a point.
        private boolean met(int point) {
            prepare(meeting.scene);
            long[] before = machine.words();
            VcpuId one = meeting.who.first();
            VcpuId other = meeting.who.second();
            Side first = side(one, List.of(meeting.first.by(one)));
            Side second = side(other, meeting.second.stream().map(call -> call.by(other)).toList());
            boolean met = machine.run(first, second, point);
            if (met) {
                judge(point, before, first.done(), second.done());
            }
            return met;
        }

        private void judge(int point, long[] before, List<Element> first, List<Element> second) {
            Round round = new Round(machine, pre, before, first, second);
            if (round.known() && !explained.add(outcome(first, second))) {
                return;
            }
            outcomes++;
            if (round.explained()) {
                round.moments().forEach(moment -> moments.merge(moment, 1L, Long::sum));
                return;
            }
            Unexplained unexplained = round.finding(0, 0);
            finding =
                    new RaceResult.Finding(
                            meeting.toString(), point, unexplained.part(), unexplained.text());
        }

        private Outcome outcome(List<Element> first, List<Element> second) {
            return new Outcome(
                    List.of(seen(first), seen(second)),
                    MachineAbstraction.machine(machine.host(), TwoVcpus.IDS),
                    LongBuffer.wrap(machine.words()));
        }

        private static List<Object> seen(List<Element> elements) {
            List<Object> seen = new ArrayList<>();
            for (Element element : elements) {
                seen.add(element.othersBefore);
                seen.add(element.calls.toString());
                seen.add(element.allocations);
                seen.add(element.written);
            }
            return seen;
        }
    }
}
