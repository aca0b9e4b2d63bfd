// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.concurrent;

import io.vavr.control.Option;

import org.jspecify.annotations.Nullable;
import org.provisor.impl.mm.Domain;
import org.provisor.impl.mm.Host;
import org.provisor.refine.abstraction.FrameAbstraction;
import org.provisor.refine.abstraction.MachineAbstraction;
import org.provisor.refine.gen.Chance;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.Teardown.Stage;
import org.provisor.spec.state.VcpuId;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;

/// Rounds of two vCPUs that run at once, on one machine after the other. Before a machine's rounds
/// one vCPU alone does a number of things, each compared with the specification.
///
/// What is done follows from the seed, and how it interleaves does too: within calls if the
/// implementation has [SwitchPoints] in it, see [#inTurns].
public final class ConcurrentRun implements ConcurrentRounds {

    /// How often a vCPU alone goes first, and how many rounds then follow.
    private static final int ALONE = 24;

    private static final int ROUNDS = 40;

    private static final Domid GUEST = new Domid(TwoVcpus.GUEST);

    /// Rounds on the implementation with [SwitchPoints] in it.
    public static ConcurrentRounds inTurns() {
        return new TurnTakingClasses().rounds();
    }

    @Override
    public ConcurrentResult play(long seed, long elements, LongPredicate goesOn) {
        try (TwoVcpus machine = new TwoVcpus()) {
            Playing playing = new Playing(machine);
            playing.play(seed, elements, goesOn);
            return playing.result();
        }
    }

    /// Two vCPUs, and the domain whose frames they fight for.
    private record Pair(VcpuId first, VcpuId second, int owner) {

        static Pair of(int firstDomain, int first, int secondDomain, int second) {
            return new Pair(
                    new VcpuId(new Domid(firstDomain), first),
                    new VcpuId(new Domid(secondDomain), second),
                    TwoVcpus.GUEST);
        }
    }

    /// Rounds under way.
    private static final class Playing {

        private final Chance chance = new Chance();
        private final TwoVcpus machine;
        private final Map<Moment, Long> moments = new EnumMap<>(Moment.class);
        private Machine now;
        private long machineSeed;
        private long machines;
        private long rounds;
        private long elements;

        /// How many were done before the machine was started.
        private long elementsBefore;

        private long overlapping;
        private @Nullable Unexplained finding;

        Playing(TwoVcpus machine) {
            this.machine = machine;
            now = MachineAbstraction.machine(machine.host(), TwoVcpus.IDS);
        }

        ConcurrentResult result() {
            Map<String, Long> counted = new HashMap<>();
            moments.forEach((moment, count) -> counted.put(moment.name(), count));
            return new ConcurrentResult(machines, rounds, elements, overlapping, counted, finding);
        }

        /// The first machine has the given seed, the others have seeds made of it.
        void play(long seed, long most, LongPredicate goesOn) {
            BooleanSupplier another =
                    () -> finding == null && elements < most && goesOn.test(elements);
            while (another.getAsBoolean()) {
                machineSeed = machines == 0 ? seed : Chance.seed(seed, machines);
                chance.start(machineSeed, null);
                machine.boot();
                machines++;
                elementsBefore = elements;
                now = MachineAbstraction.machine(machine.host(), TwoVcpus.IDS);
                for (int i = 0; i < ALONE && finding == null; i++) {
                    round(pair(), true);
                }
                int dies = chance.oneIn(2) ? chance.below(ROUNDS) : ROUNDS;
                for (int i = 0; i < ROUNDS && guest().isDefined() && another.getAsBoolean(); i++) {
                    if (i == dies) {
                        destroy();
                    }
                    rounds++;
                    round(pair(), false);
                }
            }
        }

        private Option<org.provisor.spec.state.Domain> guest() {
            return now.domains().get(GUEST);
        }

        private Pair pair() {
            int guest = TwoVcpus.GUEST;
            int control = TwoVcpus.CONTROL;
            if (!guest().exists(domain -> !domain.dying())) {
                return Pair.of(control, 0, control, 1);
            }
            return switch (chance.below(8)) {
                case 0, 1, 2, 3 -> Pair.of(guest, 0, guest, 1);
                case 4, 5 -> Pair.of(control, 0, guest, 0);
                default -> Pair.of(control, 0, control, 1);
            };
        }

        private Stage stage() {
            return guest().map(domain -> domain.teardown().stage()).getOrElse(Stage.DONE);
        }

        /// The guest begins to die: its vCPUs have stopped, and what they run on is let go. This is
        /// no part of a round, since until then an attempt at a teardown does many things at once.
        private void destroy() {
            VcpuId by = new VcpuId(new Domid(TwoVcpus.CONTROL), 0);
            while (finding == null && stage() == Stage.VCPUS) {
                Plan plan = new Plan(chance, now, TwoVcpus.GUEST, false, true);
                Side only = side(by, List.of(plan.destroy(by)));
                long[] before = machine.words();
                only.run(only);
                check(before, only.done(), List.of());
            }
        }

        private void round(Pair pair, boolean alone) {
            Host host = machine.host();
            Plan plan = new Plan(chance, now, pair.owner, stage() != Stage.VCPUS, alone);
            plan.fill(
                    chance.below(4),
                    mfn -> FrameAbstraction.known(host, mfn),
                    (mfn, slot, value) -> host.memory().setWord((mfn << 12) + 8L * slot, value));
            Side first = side(pair.first, plan.elements(pair.first));
            long[] before = machine.words();
            if (alone) {
                first.run(first);
                check(before, first.done(), List.of());
                return;
            }
            Side second = side(pair.second, plan.elements(pair.second));
            machine.run(first, second, chance);
            check(before, first.done(), second.done());
        }

        private Side side(VcpuId id, List<Element> planned) {
            Domain domain = machine.host().domain(id.domain().value());
            if (domain == null) {
                throw new IllegalStateException("gone: " + id);
            }
            return new Side(domain.vcpu(id.number()), planned, machine::walk);
        }

        private void check(long[] before, List<Element> first, List<Element> second) {
            Round round = new Round(machine, now, before, first, second);
            elements += round.elements();
            overlapping += round.overlapping();
            if (round.explained()) {
                round.moments().forEach(moment -> moments.merge(moment, 1L, Long::sum));
                now = round.post();
            } else {
                finding = round.finding(machineSeed, elements - elementsBefore);
            }
        }
    }
}
