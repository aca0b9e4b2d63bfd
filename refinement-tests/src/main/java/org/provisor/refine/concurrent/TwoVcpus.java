// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.concurrent;

import org.jspecify.annotations.Nullable;
import org.provisor.impl.memory.MachineMemory;
import org.provisor.impl.mm.Domain;
import org.provisor.impl.mm.Host;
import org.provisor.impl.mm.Vcpu;
import org.provisor.impl.tlb.FlushClock;
import org.provisor.refine.gen.Chance;
import org.provisor.refine.harness.BootNumbers;
import org.provisor.refine.harness.Difference;
import org.provisor.refine.program.FrameName;
import org.provisor.refine.program.World;
import org.provisor.refine.program.World.DomainSetup;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// A machine on which two vCPUs run at once: the caller's thread is one, a second thread the other,
/// and they take turns. Its memory serves one machine after the other.
final class TwoVcpus implements AutoCloseable {

    /// The control domain, with a third vCPU that makes no calls of its own.
    static final int CONTROL = 0;

    static final int GUEST = 1;

    static final int FRAMES = 48;

    /// Words in a frame.
    static final int SLOTS = 512;

    /// The domains there may be.
    static final int[] IDS = {CONTROL, GUEST};

    private static final int PROCESSORS = 5;

    private static final World WORLD =
            new World(
                    FRAMES,
                    0,
                    true,
                    PROCESSORS,
                    List.of(
                            new DomainSetup(CONTROL, true, -1, 5, 0, 16, 3, false, true, false),
                            new DomainSetup(GUEST, false, -1, 10, 1, 14, 2, false, false, false)),
                    List.of());

    private final MachineMemory memory = MachineMemory.ofFrames(FRAMES);
    private final Thread thread = new Thread(this::second, "second vCPU");

    private Tlb tlb = new Tlb(PROCESSORS);
    private Host host;
    private BootNumbers numbers;

    private volatile @Nullable Work work;

    private volatile boolean closed;
    private volatile @Nullable Difference wrongInBetween;

    TwoVcpus() {
        host = new Host(memory, new FlushClock(PROCESSORS, tlb), Host.Options.XEN_4_17);
        numbers = new BootNumbers(WORLD, 0);
        boot();
        thread.setDaemon(true);
        thread.start();
    }

    /// Starts a machine anew.
    void boot() {
        memory.segment().fill((byte) 0);
        tlb = new Tlb(PROCESSORS);
        host = new Host(memory, new FlushClock(PROCESSORS, tlb), Host.Options.XEN_4_17);
        numbers = new BootNumbers(WORLD, (int) (FRAMES - host.allocator().freeFrames()));
        int processor = 0;
        for (DomainSetup setup : WORLD.domains()) {
            Domain domain = create(setup);
            for (int number = 0; number < setup.vcpus(); number++) {
                domain.vcpu(number).runOn(processor++);
            }
        }
    }

    private Domain create(DomainSetup setup) {
        Domain domain =
                host.create(
                        new Domain.Config(
                                setup.id(),
                                setup.privileged(),
                                setup.privileged(),
                                setup.maxPages(),
                                setup.vcpus(),
                                null,
                                setup.ports(),
                                false));
        for (int i = 0; i < setup.shared(); i++) {
            FrameName name = new FrameName(FrameName.Kind.SHARED, setup.id(), i);
            numbers.given(name, host.share(domain));
        }
        for (int i = 0; i < setup.pages(); i++) {
            numbers.given(FrameName.of(setup.id(), i), host.give(domain));
        }
        return domain;
    }

    Host host() {
        return host;
    }

    BootNumbers numbers() {
        return numbers;
    }

    /// All words of memory as they are now, the first frame's first.
    long[] words() {
        long[] words = new long[FRAMES * SLOTS];
        MemorySegment.copy(memory.segment(), ValueLayout.JAVA_LONG, 0, words, 0, words.length);
        return words;
    }

    /// A vCPU's processor remembers all translations that there are.
    void walk(Vcpu vcpu) {
        Turns.undisturbed(() -> tlb.walk(vcpu, this::word));
    }

    private long word(int number) {
        return number < FRAMES * SLOTS
                ? memory.segment().getAtIndex(ValueLayout.JAVA_LONG, number)
                : 0;
    }

    /// A translation that a processor should have forgotten, if there is one.
    @Nullable Difference stale() {
        return tlb.stale(host, numbers);
    }

    /// A frame that was not as frames are at any time, when the second side had done what was
    /// planned, and the first may have been in a call.
    @Nullable Difference wrongInBetween() {
        return wrongInBetween;
    }

    /// Has both sides do what is planned, at once.
    ///
    /// @param chance decides whose turn it is
    void run(Side first, Side second, Chance chance) {
        run(first, second, new Turns(chance, Thread.currentThread(), thread));
    }

    /// Has the second side do what is planned at a point of what the first does.
    ///
    /// @param before how many points of the first side come before
    /// @return whether the first side has such a point
    boolean run(Side first, Side second, int before) {
        Turns turns = new Turns(before, Thread.currentThread(), thread);
        run(first, second, turns);
        return turns.met();
    }

    private void run(Side first, Side second, Turns turns) {
        Work mine = new Work(turns, second, first);
        work = mine;
        LockSupport.unpark(thread);
        turns.during(() -> first.run(second));
        while (work != null) {
            Thread.onSpinWait();
        }
    }

    private void second() {
        while (!closed) {
            Work mine = work;
            if (mine == null) {
                LockSupport.park(this);
                continue;
            }
            mine.turns.during(() -> {
                mine.side.run(mine.other);
                Turns.undisturbed(() -> wrongInBetween = AnyTime.wrong(host, numbers));
            });
            work = null;
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        memory.close();
    }

    /// What the second thread has to do.
    private record Work(Turns turns, Side side, Side other) {}
}
