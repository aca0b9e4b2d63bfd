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
import org.provisor.impl.hypercall.HypercallTable;
import org.provisor.impl.mm.FrameOperations;
import org.provisor.impl.mm.FrameTable;
import org.provisor.impl.mm.GuestMemory;
import org.provisor.impl.mm.Host;
import org.provisor.impl.mm.Vcpu;
import org.provisor.spec.abi.Bitness;
import org.provisor.spec.abi.Bytes;
import org.provisor.spec.abi.CallingConvention;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.GuestBytes;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.abi.Registers;
import org.provisor.spec.state.Answer;
import org.provisor.spec.state.Choices;
import org.provisor.spec.state.Contents;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Domains;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Frames;
import org.provisor.spec.state.GuestView;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.Outcome;
import org.provisor.spec.state.Profile;
import org.provisor.spec.state.VcpuId;
import org.provisor.spec.transition.Event;
import org.provisor.spec.transition.Transition;

import java.util.Objects;

/// Changes of page-table entries, pins and unpins are linearizable, the specification of the calls
/// being the sequential specification.
///
/// The calls are such that none that fails holds a frame to a type for a moment: those that do are
/// not linearizable, and need not be (decision 0009).
final class EntriesLinearizableTest {

    // The domain's frames.

    /// Stays pinned as a level 1 table.
    private static final int LEVEL1 = 0;

    /// Stays pinned as a level 2 table.
    private static final int LEVEL2 = 1;

    // 2 and 3 are mapped by entries, writable or not, or led to as level 1 tables; all zero.

    /// Is pinned and unpinned as a level 1 table, and led to; all zero.
    private static final int PINNED = 4;

    private static final int FRAMES = 5;

    /// Slots of the two tables that change.
    private static final int SLOTS = 2;

    private static final long LIST = 0x1000;
    private static final int MMU_UPDATE = 1;
    private static final int MMUEXT_OP = 26;
    private static final int PIN_L1 = 0;
    private static final int PIN_L2 = 1;
    private static final int UNPIN = 4;
    private static final long SELF = 0x7FF0;
    private static final long PRESENT = 1;
    private static final long WRITABLE = 3;

    /// Among results: the call is to be made again.
    private static final long AGAIN = 1000;

    /// Among results: the vCPU has a table to finish, and does nothing else before.
    private static final long PENDING = 1001;

    @Test
    void linearizable() {
        ModelChecking.programs(3, 3, 40)
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
    @Tag("slow")
    void findsAnErrorThatWasPutIn() {
        LincheckAssertionError found =
                assertThrows(
                        LincheckAssertionError.class,
                        () ->
                                ModelChecking.programs(30, 2, 100)
                                        .sequentialSpecification(Specified.class)
                                        .check(RewritesTypes.class));
        assertTrue(Objects.requireNonNull(found.getMessage()).contains("map("));
    }

    /// The calls, whoever answers them.
    @Param(name = "slot", gen = IntGen.class, conf = "0:1")
    @Param(name = "frame", gen = IntGen.class, conf = "2:3")
    @Param(name = "table", gen = IntGen.class, conf = "2:4")
    public abstract static class Calls {

        Calls() {}

        /// The number of a frame.
        abstract long number(int frame);

        /// Whether a vCPU has a table to finish.
        abstract boolean pending(int thread);

        /// Makes a call with so many requests, once; each has two words.
        abstract long call(int thread, int number, int count, long first, long second);

        /// Pins the tables that stay so.
        final void begin() {
            call(0, MMUEXT_OP, 1, PIN_L1, number(LEVEL1));
            call(0, MMUEXT_OP, 1, PIN_L2, number(LEVEL2));
        }

        private long update(final int thread, final int table, final int slot, final long entry) {
            final long at = (number(table) << 12) + slot * 8L;
            return pending(thread) ? PENDING : call(thread, MMU_UPDATE, 1, at, entry);
        }

        @Operation
        public final long map(
                @Param(gen = ThreadIdGen.class) final int thread,
                @Param(name = "slot") final int slot,
                @Param(name = "frame") final int frame,
                final boolean writable) {
            final long flags = writable ? WRITABLE : PRESENT;
            return update(thread, LEVEL1, slot, (number(frame) << 12) | flags);
        }

        @Operation
        public final long unmap(
                @Param(gen = ThreadIdGen.class) final int thread,
                @Param(name = "slot") final int slot) {
            return update(thread, LEVEL1, slot, 0);
        }

        @Operation
        public final long lead(
                @Param(gen = ThreadIdGen.class) final int thread,
                @Param(name = "slot") final int slot,
                @Param(name = "table") final int table) {
            return update(thread, LEVEL2, slot, (number(table) << 12) | WRITABLE);
        }

        @Operation
        public final long leadNowhere(
                @Param(gen = ThreadIdGen.class) final int thread,
                @Param(name = "slot") final int slot) {
            return update(thread, LEVEL2, slot, 0);
        }

        @Operation
        public final long pin(@Param(gen = ThreadIdGen.class) final int thread) {
            return pending(thread) ? PENDING : call(thread, MMUEXT_OP, 1, PIN_L1, number(PINNED));
        }

        @Operation
        public final long unpin(@Param(gen = ThreadIdGen.class) final int thread) {
            return pending(thread) ? PENDING : call(thread, MMUEXT_OP, 1, UNPIN, number(PINNED));
        }

        @Operation
        public final long finish(@Param(gen = ThreadIdGen.class) final int thread) {
            return call(thread, MMU_UPDATE, 0, 0, 0);
        }
    }

    /// The implementation.
    public static class Implemented extends Calls {

        private final long[] frames = new long[FRAMES];
        private final org.provisor.impl.mm.Domain domain = SmallHost.start(FRAMES, frames);
        private final Host host = SmallHost.of(domain);
        private final Request[] requests = new Request[SmallHost.VCPUS];

        public Implemented() {
            for (int number = 0; number < requests.length; number++) {
                requests[number] = new Request();
                domain.vcpu(number).setGuestMemory(requests[number]);
            }
            begin();
        }

        @Override
        final long number(final int frame) {
            return frames[frame];
        }

        final FrameTable table() {
            return host.frames();
        }

        @Override
        final boolean pending(final int thread) {
            return domain.vcpu(thread).oldTable() != Vcpu.NONE;
        }

        @Override
        long call(
                final int thread,
                final int number,
                final int count,
                final long first,
                final long second) {
            requests[thread].first = first;
            requests[thread].second = second;
            final var registers = new org.provisor.impl.hypercall.Registers();
            registers.rax = number;
            registers.rdi = LIST;
            registers.rsi = count;
            registers.r10 = SELF;
            final Vcpu by = domain.vcpu(thread);
            HypercallTable.call(by, registers);
            return by.continued() ? AGAIN : registers.rax;
        }

        /// Each frame is held by its owner, by the entries, by its pin and by who has it to finish.
        @Validate
        public void counts() {
            for (int frame = 0; frame < FRAMES; frame++) {
                final long count = host.frames().count(frames[frame]);
                final long type = host.frames().type(frames[frame]);
                long typed = unfinished(frames[frame]);
                typed += (type & FrameTable.PINNED) != 0 ? 1 : 0;
                long general = typed + 1;
                for (int slot = 0; slot < SLOTS; slot++) {
                    final long mapped = entry(LEVEL1, slot);
                    final long led = names(entry(LEVEL2, slot), frame);
                    general += names(mapped, frame) + led;
                    typed += led + ((mapped & WRITABLE) == WRITABLE ? names(mapped, frame) : 0);
                }
                if ((count & FrameTable.REFERENCES) != general
                        || (type & FrameTable.TYPE_REFERENCES) != typed
                        || (type & FrameTable.LOCKED) != 0) {
                    throw new IllegalStateException(
                            frame + " " + Long.toHexString(count) + " " + Long.toHexString(type));
                }
            }
        }

        private long entry(final int table, final int slot) {
            return host.memory().word((frames[table] << 12) + slot * 8L);
        }

        private int names(final long entry, final int frame) {
            return (entry & PRESENT) != 0 && entry << 12 >>> 24 == frames[frame] ? 1 : 0;
        }

        private int unfinished(final long mfn) {
            int all = 0;
            for (int number = 0; number < SmallHost.VCPUS; number++) {
                all += domain.vcpu(number).oldTable() == mfn ? 1 : 0;
            }
            return all;
        }
    }

    /// The implementation with an error: after each call a type word is written as it was read, and
    /// another thread can change it in between.
    public static final class RewritesTypes extends Implemented {

        @Override
        long call(
                final int thread,
                final int number,
                final int count,
                final long first,
                final long second) {
            final long result = super.call(thread, number, count, first, second);
            final FrameTable table = table();
            FrameOperations.setType(table, number(2), table.type(number(2)));
            return result;
        }
    }

    /// What a vCPU hands to its calls: one request.
    private static final class Request implements GuestMemory {

        private long first;
        private long second;

        @Override
        public boolean read(final long linear, final long[] to, final int bytes) {
            to[0] = first;
            to[1] = second;
            to[2] = 0;
            return true;
        }

        @Override
        public boolean writable(final long linear, final int bytes) {
            return false;
        }

        @Override
        public boolean write(final long linear, final long value, final int bytes) {
            return false;
        }
    }

    /// The specification. Its frames have the numbers 0 and on; the slots that do not change are
    /// empty, so that it does not matter how many they are.
    public static final class Specified extends Calls {

        private static final Domid DOMAIN = new Domid(SmallHost.DOMAIN);

        private Machine machine =
                new Machine(
                        Profile.small(SLOTS),
                        Frames.fill(FRAMES, Frame.allocatedTo(DOMAIN)),
                        Domains.of(
                                Domain.guest(DOMAIN, FRAMES, SmallHost.VCPUS)
                                        .withPages(FRAMES, 0)));

        public Specified() {
            begin();
        }

        @Override
        long number(final int frame) {
            return frame;
        }

        @Override
        boolean pending(final int thread) {
            return machine.vcpu(new VcpuId(DOMAIN, thread)).unfinished().isDefined();
        }

        @Override
        long call(
                final int thread,
                final int number,
                final int count,
                final long first,
                final long second) {
            final Registers registers =
                    new Registers(Bitness.BITS_64, number, LIST, count, 0, SELF, 0, 0);
            final Outcome outcome =
                    Transition.take(
                            machine,
                            new VcpuId(DOMAIN, thread),
                            new Event.Call(CallingConvention.decode(registers)),
                            new Offered(first, second),
                            Choices.NONE);
            machine = outcome.machine();
            return outcome.answer() instanceof Answer.Returned(long value) ? value : AGAIN;
        }

        @Override
        public boolean equals(final Object other) {
            return other instanceof Specified that && machine.equals(that.machine);
        }

        @Override
        public int hashCode() {
            return machine.hashCode();
        }
    }

    /// What the specification sees of it.
    private record Offered(long first, long second) implements GuestView {

        @Override
        public Contents frame(final Mfn mfn) {
            return Contents.zero(SLOTS);
        }

        @Override
        public Option<GuestBytes> read(final GuestAddress linear, final int bytes) {
            return Option.some(Bytes.zero(bytes).with(0, 8, first).with(8, 8, second));
        }

        @Override
        public boolean writable(final GuestAddress linear, final int bytes) {
            return false;
        }
    }
}
