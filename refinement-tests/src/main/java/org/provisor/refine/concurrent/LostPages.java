// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.concurrent;

import org.jspecify.annotations.Nullable;
import org.provisor.impl.abi.Errno;
import org.provisor.impl.mm.Domain;
import org.provisor.impl.mm.GuestMemory;
import org.provisor.impl.mm.Vcpu;
import org.provisor.refine.abstraction.MachineAbstraction;
import org.provisor.refine.harness.Difference;
import org.provisor.refine.harness.ImplCalls;
import org.provisor.refine.harness.MachineDiff;
import org.provisor.refine.program.CallMemory;
import org.provisor.spec.abi.Bitness;
import org.provisor.spec.abi.CallingConvention;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.Registers;
import org.provisor.spec.state.Answer;
import org.provisor.spec.state.Choices;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.Outcome;
import org.provisor.spec.state.VcpuId;
import org.provisor.spec.transition.Event;
import org.provisor.spec.transition.Transition;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Calls that tell their caller something, while another of its vCPUs unmaps the page that they
/// write to: after no write, after one, and so on.
///
/// What was written until then is what the specification writes first, the call fails with
/// `EFAULT`, and nothing else has happened.
public final class LostPages {

    private static final int MEMORY_OP = 12;
    private static final int MACHPHYS_MFN_LIST = 5;
    private static final int MEMORY_MAP = 9;
    private static final int MACHPHYS_MAPPING = 12;
    private static final int SET_MEMORY_MAP = 13;

    private static final VcpuId CALLER = new VcpuId(new Domid(TwoVcpus.GUEST), 0);

    /// Where the second thing is that a call is handed.
    private static final int SECOND = 8;

    private static final long SECOND_AT = CallMemory.START + 8 * SECOND;

    /// A map of two ranges, for the caller, and its own list of them.
    private static final long[] MAP = {
        Calls.SELF,
        2,
        SECOND_AT,
        0,
        0,
        0,
        0,
        0,
        0,
        0x9_F000,
        1L | 0x10_0000L << 32,
        0x4000L << 32,
        2
    };

    private LostPages() {}

    /// What is not as it should be.
    ///
    /// @return in words, each call and how many writes there were; empty if all is well
    public static List<String> wrong() {
        List<String> wrong = new ArrayList<>();
        try (TwoVcpus machine = new TwoVcpus()) {
            call(machine, wrong, MACHPHYS_MAPPING, 0);
            call(machine, wrong, MACHPHYS_MFN_LIST, 1, SECOND_AT);
            call(machine, wrong, MEMORY_MAP, 2, SECOND_AT);
        }
        return wrong;
    }

    private static void call(TwoVcpus machine, List<String> wrong, int command, long... handed) {
        long[] words = new long[Handed.WORDS];
        System.arraycopy(handed, 0, words, 0, handed.length);
        int writes = 0;
        boolean lost = true;
        while (lost) {
            Trial trial = new Trial(machine, command, words, writes);
            String how = trial.wrong();
            if (how != null) {
                wrong.add("memory_op " + command + ", lost after " + writes + " writes: " + how);
                return;
            }
            lost = trial.memory.lost;
            writes++;
        }
    }

    /// One call, on a machine of its own.
    private static final class Trial {

        private final TwoVcpus machine;
        private final Losing memory;
        private final Registers registers;
        private final ImplCalls calls = new ImplCalls();
        private final Machine before;
        private final Outcome specified;

        Trial(TwoVcpus machine, int command, long[] handed, int writes) {
            this.machine = machine;
            machine.boot();
            Domain domain = Objects.requireNonNull(machine.host().domain(TwoVcpus.GUEST));
            Vcpu vcpu = domain.vcpu(0);
            vcpu.setPreemption(() -> false);
            long[] map = new long[Handed.WORDS];
            System.arraycopy(MAP, 0, map, 0, MAP.length);
            vcpu.setGuestMemory(new Losing(map, Integer.MAX_VALUE));
            take(vcpu, registers(SET_MEMORY_MAP));
            before = MachineAbstraction.machine(machine.host(), TwoVcpus.IDS);
            memory = new Losing(handed, writes);
            vcpu.setGuestMemory(memory);
            registers = registers(command);
            take(vcpu, registers);
            long[] words = machine.words();
            specified =
                    Transition.take(
                            before,
                            CALLER,
                            event(registers),
                            new Words(words, words, machine.host().machineToPhysicalEntry())
                                    .view(At.start(before), handed),
                            Choices.NONE);
        }

        private static Registers registers(int command) {
            return new Registers(Bitness.BITS_64, MEMORY_OP, command, CallMemory.START, 0, 0, 0, 0);
        }

        private static Event event(Registers registers) {
            return new Event.Call(CallingConvention.decode(registers));
        }

        private void take(Vcpu vcpu, Registers before) {
            calls.take(vcpu, event(before), before);
        }

        @Nullable String wrong() {
            Answer answer = memory.lost ? new Answer.Returned(-Errno.EFAULT) : specified.answer();
            Difference difference = calls.compare(answer, registers);
            difference = difference == null ? compared() : difference;
            if (difference != null) {
                return difference.explanation();
            }
            var written = specified.replies().map(Explanation::written);
            var wanted = memory.lost ? written.take(memory.most) : written;
            return wanted.equals(memory.handed.written())
                    ? null
                    : "written " + memory.handed.written() + ", not " + wanted;
        }

        /// Nothing of the machine has changed.
        private @Nullable Difference compared() {
            MachineDiff diff = new MachineDiff(machine.host(), machine.numbers());
            Difference difference = null;
            for (int mfn = 0; mfn < TwoVcpus.FRAMES && difference == null; mfn++) {
                difference = diff.frame(mfn, before.frames().get(mfn));
            }
            for (int id : TwoVcpus.IDS) {
                difference =
                        difference == null
                                ? diff.domain(id, before.domains().get(new Domid(id)).getOrNull())
                                : difference;
            }
            return difference == null ? diff.totals(before) : difference;
        }
    }

    /// What a call is handed, which cannot be written any more after some writes.
    private static final class Losing implements GuestMemory {

        private final Handed handed = new Handed();
        private final int most;
        private int writes;
        private boolean lost;

        Losing(long[] words, int most) {
            this.most = most;
            handed.begin(words);
        }

        @Override
        public boolean read(long linear, long[] to, int bytes) {
            return handed.read(linear, to, bytes);
        }

        @Override
        public boolean writable(long linear, int bytes) {
            return !lost && handed.writable(linear, bytes);
        }

        @Override
        public boolean write(long linear, long value, int bytes) {
            lost |= writes == most;
            return !lost && handed.write(linear, value, bytes) && ++writes > 0;
        }
    }
}
