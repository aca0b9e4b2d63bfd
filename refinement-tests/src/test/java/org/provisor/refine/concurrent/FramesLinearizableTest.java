// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.concurrent;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.control.Option;

import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.provisor.impl.mm.FrameOperations;
import org.provisor.impl.mm.FrameTable;
import org.provisor.impl.mm.Host;
import org.provisor.impl.mm.PageTypes;
import org.provisor.impl.mm.Vcpu;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.GuestBytes;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.mm.FrameRules;
import org.provisor.spec.mm.References;
import org.provisor.spec.notation.Result;
import org.provisor.spec.state.Choices;
import org.provisor.spec.state.Contents;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Domains;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Frames;
import org.provisor.spec.state.GuestView;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.PageType;
import org.provisor.spec.state.Profile;
import org.provisor.spec.state.Step;
import org.provisor.spec.state.VcpuId;

import java.util.Objects;

/// References to single frames are linearizable, the rules being the sequential specification:
/// `mm.ref.get`, `mm.ref.put`, `mm.ref.release`, `mm.steal-page`, `mm.page-type.get`,
/// `mm.page-type.put`, `mm.page-lock`.
final class FramesLinearizableTest {

    private static final int FRAMES = 2;

    /// What a call answers that its thread has no reference for.
    private static final int NOT_CALLED = 99;

    /// The same types on both sides.
    private static final int[] IMPLEMENTED = {
        org.provisor.impl.mm.PageType.WRITABLE,
        org.provisor.impl.mm.PageType.L1,
        org.provisor.impl.mm.PageType.L2,
        org.provisor.impl.mm.PageType.SEGMENT_DESCRIPTORS
    };

    private static final PageType[] SPECIFIED = {
        PageType.WRITABLE, PageType.L1, PageType.L2, PageType.SEG_DESC
    };

    @Test
    void linearizable() {
        ModelChecking.programs(6, 3, 150)
                .sequentialSpecification(Specified.class)
                .check(Implemented.class);
    }

    @Test
    @Tag("slow")
    void linearizableInMoreRuns() {
        ModelChecking.programs(300, 4, 2_000)
                .sequentialSpecification(Specified.class)
                .check(Implemented.class);
    }

    @Test
    void findsAnErrorThatWasPutIn() {
        LincheckAssertionError found =
                assertThrows(
                        LincheckAssertionError.class,
                        () ->
                                ModelChecking.programs(30, 2, 200)
                                        .sequentialSpecification(Specified.class)
                                        .check(ChecksThenActs.class));
        assertTrue(Objects.requireNonNull(found.getMessage()).contains("getType"));
    }

    /// Calls for types, as the implementation answers them.
    @Param(name = "frame", gen = IntGen.class, conf = "0:1")
    @Param(name = "type", gen = IntGen.class, conf = "0:3")
    public static class Types {

        final long[] frames = new long[FRAMES];
        final org.provisor.impl.mm.Domain domain = SmallHost.start(FRAMES, frames);
        final Host host = SmallHost.of(domain);
        final Held held = new Held(FRAMES);

        public Types() {
            for (final int thread : SmallHost.THREADS) {
                for (int frame = 0; frame < FRAMES; frame++) {
                    held.add(thread, frame, host.get(frames[frame], SmallHost.DOMAIN) ? 1 : 0);
                }
            }
        }

        @Operation
        public int getType(
                @Param(gen = ThreadIdGen.class) final int thread,
                @Param(name = "frame") final int frame,
                @Param(name = "type") final int type) {
            if (!held.spare(thread, frame)) {
                return NOT_CALLED;
            }
            final int result = take(domain.vcpu(thread), frames[frame], IMPLEMENTED[type]);
            if (result == 0) {
                held.addTyped(thread, frame, 1);
            }
            return result;
        }

        int take(final Vcpu by, final long mfn, final int type) {
            return PageTypes.get(by, mfn, type);
        }

        @Operation
        public int putType(
                @Param(gen = ThreadIdGen.class) final int thread,
                @Param(name = "frame") final int frame) {
            if (!held.typed(thread, frame)) {
                return NOT_CALLED;
            }
            held.addTyped(thread, frame, -1);
            return PageTypes.put(domain.vcpu(thread), frames[frame]);
        }

        /// Nothing is lost or left over when all is done.
        @Validate
        public void counts() {
            for (int frame = 0; frame < FRAMES; frame++) {
                final long count = host.frames().count(frames[frame]);
                final long type = host.frames().type(frames[frame]);
                final int allocated = (count & FrameTable.ALLOCATED) != 0 ? 1 : 0;
                if ((count & FrameTable.REFERENCES) != held.all(frame) + allocated
                        || (type & FrameTable.TYPE_REFERENCES) != held.allTyped(frame)
                        || (type & FrameTable.LOCKED) != 0) {
                    throw new IllegalStateException(
                            Long.toHexString(count) + " " + Long.toHexString(type));
                }
            }
        }
    }

    /// All calls, as the implementation answers them.
    public static class Implemented extends Types {

        @Operation
        public boolean get(
                @Param(gen = ThreadIdGen.class) final int thread,
                @Param(name = "frame") final int frame) {
            final boolean got = host.get(frames[frame], SmallHost.DOMAIN);
            if (got) {
                held.add(thread, frame, 1);
            }
            return got;
        }

        @Operation
        public int put(
                @Param(gen = ThreadIdGen.class) final int thread,
                @Param(name = "frame") final int frame) {
            if (!held.spare(thread, frame)) {
                return NOT_CALLED;
            }
            held.add(thread, frame, -1);
            FrameOperations.put(host, frames[frame]);
            return 0;
        }

        @Operation
        public int release(
                @Param(gen = ThreadIdGen.class) final int thread,
                @Param(name = "frame") final int frame) {
            if (!held.spare(thread, frame)) {
                return NOT_CALLED;
            }
            FrameOperations.release(host, frames[frame]);
            return 0;
        }

        @Operation
        public boolean steal(@Param(name = "frame") final int frame) {
            return FrameOperations.steal(host, domain, frames[frame]);
        }

        /// Takes the lock and drops it. That a frame cannot be locked counts only if nobody holds
        /// it to a type: while a thread has the frame to itself, the lock is refused whatever comes
        /// of that.
        @Operation
        public int lock(
                @Param(gen = ThreadIdGen.class) final int thread,
                @Param(name = "frame") final int frame) {
            if (!held.spare(thread, frame)) {
                return NOT_CALLED;
            }
            final long mfn = frames[frame];
            while (!FrameOperations.lock(host.frames(), mfn)) {
                final long word = host.frames().type(mfn);
                if ((word & FrameTable.TYPE_REFERENCES) == 0) {
                    return 0;
                }
                Thread.onSpinWait();
            }
            FrameOperations.unlock(host.frames(), mfn);
            return 1;
        }
    }

    /// The calls for types with an error: between looking at a type word and writing it, another
    /// thread can change it.
    public static class ChecksThenActs extends Types {

        @Override
        int take(final Vcpu by, final long mfn, final int type) {
            final FrameTable table = by.host().frames();
            final long seen = table.type(mfn);
            final boolean idle = (seen & FrameTable.TYPE_REFERENCES) == 0;
            if (!idle && !FrameTable.is(seen, type)) {
                return -org.provisor.impl.abi.Errno.EINVAL;
            }
            final long held = idle ? 0 : seen & FrameTable.TYPE_REFERENCES;
            FrameOperations.setType(
                    table,
                    mfn,
                    ((long) type << FrameTable.TYPE_SHIFT) | FrameTable.VALIDATED | (held + 1));
            return 0;
        }
    }

    /// The calls as the specification answers them. Its frames have the numbers 0 and on; tables
    /// are all zero, so that it does not matter how many entries they have.
    public static final class Specified {

        private static final Domid DOMAIN = new Domid(SmallHost.DOMAIN);

        private Machine machine =
                new Machine(
                        Profile.small(2),
                        Frames.fill(FRAMES, Frame.allocatedTo(DOMAIN)),
                        Domains.of(
                                Domain.guest(DOMAIN, FRAMES, SmallHost.VCPUS)
                                        .withPages(FRAMES, 0)));

        private final Held held = new Held(FRAMES);

        public Specified() {
            for (final int thread : SmallHost.THREADS) {
                for (int frame = 0; frame < FRAMES; frame++) {
                    get(thread, frame);
                }
            }
        }

        private Step start(final int thread) {
            return Step.start(machine, new VcpuId(DOMAIN, thread), ZERO, Choices.NONE);
        }

        private int end(final Step last) {
            machine = last.machine();
            return switch (last.result()) {
                case Result.Ok _ -> 0;
                case Result.Refused(var why) -> -why.number();
                case Result.Preempted _, Result.NotAllowed _, Result.Unspecified _ ->
                        throw new IllegalStateException(last.result().toString());
            };
        }

        public boolean get(final int thread, final int frame) {
            final boolean got = end(References.get(start(thread), new Mfn(frame), DOMAIN)) == 0;
            if (got) {
                held.add(thread, frame, 1);
            }
            return got;
        }

        public int put(final int thread, final int frame) {
            if (!held.spare(thread, frame)) {
                return NOT_CALLED;
            }
            held.add(thread, frame, -1);
            return end(FrameRules.put(start(thread), new Mfn(frame)));
        }

        public int release(final int thread, final int frame) {
            return held.spare(thread, frame)
                    ? end(FrameRules.release(start(thread), new Mfn(frame)))
                    : NOT_CALLED;
        }

        public boolean steal(final int frame) {
            return end(FrameRules.steal(start(0), new Mfn(frame), DOMAIN)) == 0;
        }

        public int getType(final int thread, final int frame, final int type) {
            if (!held.spare(thread, frame)) {
                return NOT_CALLED;
            }
            final int result =
                    end(FrameRules.getType(start(thread), new Mfn(frame), SPECIFIED[type]));
            if (result == 0) {
                held.addTyped(thread, frame, 1);
            }
            return result;
        }

        public int putType(final int thread, final int frame) {
            if (!held.typed(thread, frame)) {
                return NOT_CALLED;
            }
            held.addTyped(thread, frame, -1);
            return end(FrameRules.putType(start(thread), new Mfn(frame)));
        }

        public int lock(final int thread, final int frame) {
            if (!held.spare(thread, frame)) {
                return NOT_CALLED;
            }
            return FrameRules.lockPossible(machine.frame(new Mfn(frame))) ? 1 : 0;
        }

        @Override
        public boolean equals(final Object other) {
            return other instanceof Specified that
                    && machine.equals(that.machine)
                    && held.equals(that.held);
        }

        @Override
        public int hashCode() {
            return 31 * machine.hashCode() + held.hashCode();
        }
    }

    private static final GuestView ZERO =
            new GuestView() {

                @Override
                public Contents frame(final Mfn mfn) {
                    return Contents.zero(2);
                }

                @Override
                public Option<GuestBytes> read(final GuestAddress linear, final int bytes) {
                    return Option.none();
                }

                @Override
                public boolean writable(final GuestAddress linear, final int bytes) {
                    return false;
                }
            };
}
