// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.xen;

import io.vavr.collection.List;
import io.vavr.control.Option;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.harness.CallPages;
import org.provisor.refine.harness.Run;
import org.provisor.refine.harness.Verdict;
import org.provisor.refine.program.Action;
import org.provisor.refine.program.FrameName;
import org.provisor.refine.program.FrameNumbers;
import org.provisor.refine.program.Operand;
import org.provisor.spec.abi.Bitness;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.abi.Registers;
import org.provisor.spec.mm.WritablePageTables.GuestWrite;
import org.provisor.spec.state.Answer;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.LocalTable;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.VcpuId;
import org.provisor.spec.x86.LinearAddress;

/// A program under way on real Xen and on the specification.
///
/// What a program can ask for and a real machine cannot do is not done: memory that changes at a
/// given moment, writes that would go through, instructions that there are not.
final class XenRun implements Run {

    /// How the part begins that differs where Xen is lost.
    static final String LOST = "lost: ";

    private static final VcpuId VCPU = new VcpuId(XenBoot.PROBE, 0);
    private static final Operand ROOT_ENTRY =
            Operand.address(FrameName.of(0, XenMachine.NAMED - 1), 0x67);
    private static final int ALL_SLOTS = SpecMemory.SLOTS;

    private final XenPair pair;
    private final boolean always;
    private final Lost lost;
    private final int[] choosable;
    private @Nullable Answer answer;

    /// Told when Xen is not there any more.
    interface Lost {
        void tell(XenLostException why);
    }

    /// Whether the two do not agree any more.
    private boolean apart;

    /// @param always whether everything is compared after each action, not only at the end
    XenRun(XenPair pair, boolean always, Lost lost) {
        this.pair = pair;
        this.always = always;
        this.lost = lost;
        choosable = pair.sides().numbers().all();
    }

    @Override
    public Machine machine() {
        return pair.sides().machine();
    }

    @Override
    public FrameNumbers numbers() {
        return pair.sides().numbers();
    }

    @Override
    public long word(long frame, int slot) {
        return pair.sides().memory().word(frame, slot);
    }

    @Override
    public long callWord(int domain, long linear) {
        if (!CallPages.readable(linear, Long.BYTES)) {
            throw new IllegalArgumentException("not call memory: 0x" + Long.toHexString(linear));
        }
        return pair.sides().memory().calls().word(linear);
    }

    @Override
    public @Nullable Answer answer() {
        return answer;
    }

    @Override
    public int[] choosable() {
        return choosable;
    }

    @Override
    public Operand rootEntry() {
        return ROOT_ENTRY;
    }

    @Override
    public Verdict perform(Action action) {
        answer = null;
        try {
            Verdict verdict = done(action);
            apart |= verdict instanceof Verdict.Differs;
            if (always && verdict instanceof Verdict.Agreed(int _, List<String> rows)) {
                Mismatch mismatch = pair.everything();
                apart |= mismatch != null;
                return mismatch == null ? verdict : differs(rows, mismatch);
            }
            return verdict;
        } catch (XenLostException e) {
            return lost(e);
        }
    }

    private Verdict lost(XenLostException e) {
        lost.tell(e);
        return new Verdict.Differs("none", LOST + e.kind(), String.valueOf(e.getMessage()));
    }

    private Verdict differs(List<String> latestFirst, Mismatch mismatch) {
        String row = latestFirst.isEmpty() ? "none/" : latestFirst.head();
        return new Verdict.Differs(
                row.substring(0, row.indexOf('/')), mismatch.part(), mismatch.text(pair.name()));
    }

    @Override
    public Verdict finish() {
        try {
            Mismatch mismatch = pair.everything();
            apart |= mismatch != null;
            return mismatch == null ? nothing() : differs(List.empty(), mismatch);
        } catch (XenLostException e) {
            return lost(e);
        }
    }

    XenPair pair() {
        return pair;
    }

    boolean apart() {
        return apart;
    }

    private Verdict done(Action action) {
        return switch (action) {
            case Action.Call call -> call(call);
            case Action.Poke poke -> poke(poke);
            case Action.Fill fill -> fill(fill);
            case Action.Destroy _ -> cannot("the domain is the only one");
            case Action.LoadDescriptor load -> load(load);
            case Action.WriteReadOnly write -> write(write);
            case Action.Arrive _ -> cannot("the probe handles exceptions itself");
        };
    }

    private static Verdict nothing() {
        return new Verdict.Agreed(0, List.empty());
    }

    private static Verdict cannot(String why) {
        return new Verdict.Unspecified("real machine: " + why);
    }

    private Verdict seen(Verdict verdict) {
        if (verdict instanceof Verdict.Agreed) {
            answer = pair.last().answer();
        }
        return verdict;
    }

    private Verdict call(Action.Call call) {
        check(call.domain(), call.vcpu());
        if (!call.stimulus().flips().isEmpty()) {
            return cannot("memory that changes during a call");
        }
        long[] words = new long[5];
        int count = Math.min(words.length, call.arguments().size());
        for (int i = 0; i < count; i++) {
            words[i] = call.arguments().get(i).resolve(pair.sides().numbers());
        }
        return seen(
                pair.call(
                        new Registers(
                                Bitness.BITS_64,
                                call.number().resolve(pair.sides().numbers()),
                                words[0],
                                words[1],
                                words[2],
                                words[3],
                                words[4],
                                0)));
    }

    private Verdict poke(Action.Poke poke) {
        check(poke.domain(), 0);
        if (CallPages.readable(poke.linear(), Long.BYTES)) {
            pair.sides().poke(poke.linear(), poke.value().resolve(pair.sides().numbers()));
        }
        return nothing();
    }

    private Verdict fill(Action.Fill fill) {
        check(fill.domain(), 0);
        long mfn = fill.frame().resolve(pair.sides().numbers());
        if (mayWrite(mfn, fill.slot())) {
            pair.sides().fill(mfn, fill.slot(), fill.value().resolve(pair.sides().numbers()));
        }
        return nothing();
    }

    /// Whether the kernel could have a frame mapped for writing, and needs it for nothing else.
    private boolean mayWrite(long mfn, int slot) {
        if (slot < 0 || slot >= ALL_SLOTS || !machine().has(new Mfn(mfn))) {
            return false;
        }
        Frame frame = machine().frame(new Mfn(mfn));
        return frame.ownedBy(XenBoot.PROBE)
                && !frame.special()
                && !frame.table().contents().known()
                && !pair.probe().has((int) mfn);
    }

    private Verdict load(Action.LoadDescriptor load) {
        check(load.domain(), load.vcpu());
        LocalTable table = machine().vcpu(VCPU).ldt();
        int offset = load.offset();
        if (offset < 0
                || offset / Long.BYTES >= table.entries()
                || table.mapped().containsKey(offset / 4096)) {
            return nothing();
        }
        if (offset % Long.BYTES != 0) {
            return cannot("a descriptor that does not start at a multiple of 8");
        }
        return seen(pair.load(offset));
    }

    private Verdict write(Action.WriteReadOnly write) {
        check(write.domain(), write.vcpu());
        if (write.cr2() != write.address()) {
            return cannot("a fault elsewhere than where the write starts");
        }
        if (write.bytes() > Long.BYTES || Integer.bitCount(write.bytes()) != 1) {
            return cannot("a write of " + write.bytes() + " bytes");
        }
        if (!LinearAddress.canonical(write.address())) {
            return cannot("a write to no address");
        }
        long root = machine().vcpu(VCPU).root().get().value();
        GuestRam.Walk walk = pair.sides().ram().walk(root, write.address());
        if (walk.present() && walk.writable()) {
            return cannot("a write that goes through");
        }
        Operand expected = write.expected();
        Option<Long> compared =
                expected == null
                        ? Option.none()
                        : Option.some(expected.resolve(pair.sides().numbers()));
        return seen(
                pair.write(
                        new GuestWrite(
                                new GuestAddress(write.cr2()),
                                new GuestAddress(write.address()),
                                write.bytes(),
                                write.value().resolve(pair.sides().numbers()),
                                compared)));
    }

    private static void check(int domain, int vcpu) {
        if (domain != 0 || vcpu != 0) {
            throw new IllegalArgumentException("there is no d" + domain + "v" + vcpu);
        }
    }
}
