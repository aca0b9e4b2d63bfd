// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.stress;

import org.provisor.impl.memory.MachineMemory;
import org.provisor.impl.mm.Domain;
import org.provisor.impl.mm.FrameOperations;
import org.provisor.impl.mm.FrameTable;
import org.provisor.impl.mm.Host;
import org.provisor.impl.mm.Vcpu;
import org.provisor.impl.tlb.FlushClock;

import java.util.concurrent.atomic.AtomicInteger;

/// One machine for all states of a test, each with a frame of its own: a machine for each would be
/// too much. There are more frames than states at a time.
public final class SharedHost {

    /// The domain that owns the frames.
    public static final int DOMAIN = 1;

    private static final int FRAMES = 1 << 16;

    /// As usual, without a trace.
    static final Host.Options WITHOUT_TRACE = new Host.Options(true, 9, 12, 18, 12, 0);

    private static final Host HOST =
            new Host(
                    MachineMemory.ofFrames(FRAMES + 1024),
                    new FlushClock(2, new NoTlb()),
                    WITHOUT_TRACE);

    private static final Domain OWNER =
            HOST.create(new Domain.Config(DOMAIN, false, false, FRAMES, 2, null, false, false));

    private static final long[] GIVEN = new long[FRAMES];
    private static final AtomicInteger NEXT = new AtomicInteger();

    static {
        for (int i = 0; i < FRAMES; i++) {
            GIVEN[i] = HOST.give(OWNER);
        }
    }

    private SharedHost() {}

    public static Host host() {
        return HOST;
    }

    public static FrameTable frames() {
        return HOST.frames();
    }

    public static Domain owner() {
        return OWNER;
    }

    /// A vCPU, 0 or 1: one for each of two threads.
    public static Vcpu vcpu(final int number) {
        return OWNER.vcpu(number);
    }

    /// A frame that no other state has, allocated to the domain and without a type.
    ///
    /// @param references how many general references are held besides the allocation
    public static long frame(final int references) {
        final long mfn = GIVEN[NEXT.getAndIncrement() & FRAMES - 1];
        FrameOperations.restart(HOST.frames(), mfn, DOMAIN);
        for (int i = 0; i < references; i++) {
            HOST.frames().getMore(mfn);
        }
        return mfn;
    }

    /// How many type references a frame has.
    public static int typeReferences(final long mfn) {
        return (int) (HOST.frames().type(mfn) & FrameTable.TYPE_REFERENCES);
    }

    /// What a frame is used for, or was.
    public static int type(final long mfn) {
        return FrameTable.typeOf(HOST.frames().type(mfn));
    }

    /// How many general references a frame has.
    public static int references(final long mfn) {
        return (int) (HOST.frames().count(mfn) & FrameTable.REFERENCES);
    }
}
