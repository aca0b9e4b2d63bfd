// SPDX-License-Identifier: Apache-2.0
package org.provisor.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.ForeignDomains;
import org.provisor.spec.abi.Hypercall;
import org.provisor.spec.abi.Invocation;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.abi.MmuCommand;
import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.example.Scene;
import org.provisor.spec.state.Answer;
import org.provisor.spec.state.Choices;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Frames;
import org.provisor.spec.state.GuestView;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.Outcome;
import org.provisor.spec.state.Profile;
import org.provisor.spec.transition.Event;
import org.provisor.spec.transition.Transition;

import java.util.concurrent.TimeUnit;

/// How many calls of `mmu_update`, each of one level 1 entry, does the specification evaluate in a
/// second, on a machine of 10,000 frames?
///
/// The entry maps one frame and then another, both writable: each call takes and drops a general
/// and a type reference, and changes four frames of the machine.
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@SuppressWarnings("NullAway.Init") // JMH calls setUp.
public class MmuUpdateOfOneEntry {

    private static final int FRAMES = 10_000;
    private static final long LAST_OF_GUEST = 9_000;
    private static final long TABLE = 0x100;
    private static final long ONE = 0x1234;
    private static final long OTHER = 0x2000;
    private static final int SLOT = 7;

    private static final Event UPDATE = new Event.Call(Scene.mmuUpdate(1, ForeignDomains.SELF));

    private static final Event UNKNOWN = new Event.Call(new Invocation.UnknownCall(unknown()));

    private Machine machine;
    private GuestView toOne;
    private GuestView toOther;
    private boolean one;

    private Frames frames;
    private Frame changed;

    /// A guest with an empty level 1 table, and two lists of one request.
    @Setup
    public void setUp() {
        Domid guest = Scene.D1.domain();
        Scene scene =
                Scene.of(Profile.XEN_4_17, FRAMES)
                        .frame(0, Frame.MMIO)
                        .domain(Domain.privileged(new Domid(0), FRAMES, 1), 1, 0xff)
                        .domain(Domain.guest(guest, FRAMES, 1), TABLE, LAST_OF_GUEST)
                        .mmuext(Scene.D1, MmuextCommand.PIN_L1_TABLE, TABLE);
        machine = scene.machine();
        toOne = list(scene, ONE);
        toOther = list(scene, OTHER);
        frames = machine.frames();
        changed = machine.frame(new Mfn(ONE)).withRefs(2);
        for (int call = 0; call < 4; call++) {
            expect(mmuUpdate(), 0);
            long mapped = machine.frame(new Mfn(one ? ONE : OTHER)).use().count();
            long not = machine.frame(new Mfn(one ? OTHER : ONE)).use().count();
            if (mapped != 1 || not != 0) {
                throw new IllegalStateException("the entry does not alternate");
            }
        }
        expect(unknownCall(), -38);
    }

    private static GuestView list(Scene scene, long mfn) {
        return scene.list(
                        Scene.update(MmuCommand.NORMAL_PT_UPDATE, TABLE, SLOT, Scene.writable(mfn)))
                .ram();
    }

    private static long unknown() {
        long number = 0;
        while (Hypercall.of(number).isDefined()) {
            number++;
        }
        return number;
    }

    private static void expect(Outcome outcome, long value) {
        if (!outcome.answer().equals(new Answer.Returned(value))) {
            throw new IllegalStateException("the call ended with " + outcome.answer());
        }
    }

    /// The question.
    @Benchmark
    public Outcome mmuUpdate() {
        one = !one;
        Outcome outcome =
                Transition.take(machine, Scene.D1, UPDATE, one ? toOne : toOther, Choices.NONE);
        machine = outcome.machine();
        return outcome;
    }

    /// The baseline: a call that Xen does not know.
    @Benchmark
    public Outcome unknownCall() {
        return Transition.take(machine, Scene.D1, UNKNOWN, toOne, Choices.NONE);
    }

    /// The least that a change costs: one frame of the machine is another.
    @Benchmark
    public Frames oneFrame() {
        frames = frames.update((int) ONE, changed);
        return frames;
    }
}
