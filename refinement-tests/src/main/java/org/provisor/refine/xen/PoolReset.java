// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.xen;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.harness.Verdict;
import org.provisor.refine.program.CallMemory;
import org.provisor.spec.abi.Bitness;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.abi.Registers;
import org.provisor.spec.abi.VmAssistType;
import org.provisor.spec.state.Contents;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.PageType;
import org.provisor.spec.state.TypeUse;
import org.provisor.spec.state.Validity;
import org.provisor.spec.state.Vcpu;
import org.provisor.spec.state.VcpuId;

import java.util.ArrayList;
import java.util.List;

/// Undoes what a program has left, by calls that are compared like a program's own, and then shows
/// that nothing is left: on the specification, in the machine's memory and in Xen's table of
/// frames.
///
/// The domain has as many frames as at the start, but perhaps not the same: names go over to
/// others.
final class PoolReset {

    private static final VcpuId VCPU = new VcpuId(XenBoot.PROBE, 0);
    private static final long SELF = 0x7FF0;

    private static final int MMU_UPDATE = 1;
    private static final int SET_GDT = 2;
    private static final int MEMORY_OP = 12;
    private static final int VM_ASSIST = 21;
    private static final int MMUEXT_OP = 26;

    private static final int PIN_L4 = 3;
    private static final int UNPIN = 4;
    private static final int NEW_BASEPTR = 5;
    private static final int SET_LDT = 13;
    private static final int NEW_USER_BASEPTR = 15;

    private static final int INCREASE = 0;
    private static final int DECREASE = 1;
    private static final int SET_MEMORY_MAP = 13;
    private static final int CLAIM = 24;

    private static final int MACHPHYS = 1;

    /// Where requests are put, and how many at once.
    private static final long LIST = CallMemory.START;

    private static final int AT_ONCE = 256;

    /// After how many resets it is looked which frames Xen has free.
    private static final int FREE_EVERY = 16;

    private final XenPair pair;
    private final long pages;
    private final Contents root;

    /// What the machine-to-physical table says of each named frame.
    private final long[] physical;

    private @Nullable String trouble;
    private int operations;
    private long resets;

    /// @param pair at the start
    PoolReset(XenPair pair) {
        this.pair = pair;
        Machine machine = pair.sides().machine();
        pages = machine.domain(XenBoot.PROBE).totPages();
        root = machine.frame(new Mfn(pair.probe().root())).table().contents();
        physical = new long[pair.sides().numbers().count()];
        for (int i = 0; i < physical.length; i++) {
            physical[i] = machine.frame(new Mfn(pair.sides().numbers().owned(i))).m2p();
        }
    }

    /// Undoes everything.
    ///
    /// @return what could not be undone, or null
    @Nullable String reset() {
        trouble = null;
        operations = 0;
        vcpu();
        pins();
        perform();
        assists();
        rootEntries();
        amounts();
        names();
        machineToPhysical();
        types();
        contents();
        pair.sides().clearCalls();
        if (resets++ % FREE_EVERY == 0) {
            pair.sides().takeFree();
        }
        pair.sides().watchAgain();
        if (trouble == null) {
            trouble = leftOver();
        }
        return trouble;
    }

    private Machine machine() {
        return pair.sides().machine();
    }

    private Frame frame(long mfn) {
        return machine().frames().get((int) mfn);
    }

    // Calls.

    private void call(int number, long... arguments) {
        if (trouble != null) {
            return;
        }
        long[] a = new long[5];
        System.arraycopy(arguments, 0, a, 0, arguments.length);
        Verdict verdict =
                pair.call(new Registers(Bitness.BITS_64, number, a[0], a[1], a[2], a[3], a[4], 0));
        if (!(verdict instanceof Verdict.Agreed)) {
            trouble = "call " + number + ": " + verdict;
        }
    }

    /// Adds to the operations that are performed by one call.
    private void operation(int command, long first, long second) {
        long at = LIST + 24L * operations;
        pair.sides().poke(at, command);
        pair.sides().poke(at + 8, first);
        pair.sides().poke(at + 16, second);
        operations++;
        if (operations == AT_ONCE) {
            perform();
        }
    }

    private void perform() {
        if (operations > 0) {
            call(MMUEXT_OP, LIST, operations, 0, SELF);
            operations = 0;
        }
    }

    /// Requests of two words each, a batch at a time.
    private void updates(List<long[]> requests) {
        for (int from = 0; from < requests.size(); from += AT_ONCE) {
            int count = Math.min(AT_ONCE, requests.size() - from);
            for (int i = 0; i < count; i++) {
                pair.sides().poke(LIST + 16L * i, requests.get(from + i)[0]);
                pair.sides().poke(LIST + 16L * i + 8, requests.get(from + i)[1]);
            }
            call(MMU_UPDATE, LIST, count, 0, SELF);
        }
    }

    private void reservation(int command, long extents, long count, long domain) {
        pair.sides().poke(LIST, extents);
        pair.sides().poke(LIST + 8, count);
        pair.sides().poke(LIST + 16, 0);
        pair.sides().poke(LIST + 24, domain);
        call(MEMORY_OP, command, LIST);
    }

    // What is undone.

    private void vcpu() {
        Vcpu vcpu = machine().vcpu(VCPU);
        if (vcpu.root().get().value() != pair.probe().root()) {
            operation(NEW_BASEPTR, pair.probe().root(), 0);
        }
        if (vcpu.userRoot().isDefined()) {
            operation(NEW_USER_BASEPTR, 0, 0);
        }
        if (vcpu.ldt().entries() != 0) {
            operation(SET_LDT, 0, 0);
        }
        if (!frame(pair.probe().root()).use().pinned()) {
            operation(PIN_L4, pair.probe().root(), 0);
        }
    }

    private void assists() {
        if (machine().vcpu(VCPU).gdt().entries() != 0) {
            call(SET_GDT, LIST, 0);
        }
        for (VmAssistType type : VmAssistType.values()) {
            if (machine().domain(XenBoot.PROBE).assists(type)) {
                call(VM_ASSIST, 1, type.number());
            }
        }
    }

    @SuppressWarnings("ReferenceEquality") // What has not changed is the same object.
    private void rootEntries() {
        long mfn = pair.probe().root();
        Contents now = frame(mfn).table().contents();
        List<long[]> requests = new ArrayList<>();
        for (int slot = 0; slot < now.slots() && now != root; slot++) {
            if (!XenSlots.has(slot)
                    && slot != CallMemory.ROOT_SLOT
                    && now.word(slot) != root.word(slot)) {
                requests.add(new long[] {(mfn << 12) + 8L * slot, root.word(slot)});
            }
        }
        updates(requests);
    }

    private void pins() {
        for (int mfn : pair.sides().watched()) {
            if (frame(mfn).use().pinned() && !pair.probe().has(mfn)) {
                operation(UNPIN, mfn, 0);
            }
        }
    }

    private void amounts() {
        Domain domain = machine().domain(XenBoot.PROBE);
        if (domain.claim() != 0) {
            reservation(CLAIM, 0, 0, 0);
        }
        if (!domain.memoryMap().isEmpty()) {
            pair.sides().poke(LIST, SELF);
            pair.sides().poke(LIST + 8, 0);
            pair.sides().poke(LIST + 16, LIST + 64);
            call(MEMORY_OP, SET_MEMORY_MAP, LIST);
        }
        long missing = pages - machine().domain(XenBoot.PROBE).totPages();
        while (missing > 0 && trouble == null) {
            long count = Math.min(missing, AT_ONCE);
            reservation(INCREASE, LIST + 64, count, SELF);
            missing -= count;
        }
        if (missing < 0) {
            giveBack(-missing);
        }
    }

    /// Gives back frames that have no name.
    private void giveBack(long count) {
        long left = count;
        int listed = 0;
        for (int mfn : pair.sides().watched()) {
            if (left == 0) {
                break;
            }
            if (idle(mfn) && !pair.sides().numbers().named(mfn)) {
                pair.sides().poke(LIST + 64 + 8L * listed++, mfn);
                left--;
                if (listed == AT_ONCE || left == 0) {
                    reservation(DECREASE, LIST + 64, listed, SELF);
                    listed = 0;
                }
            }
        }
        if (listed > 0) {
            reservation(DECREASE, LIST + 64, listed, SELF);
        }
        if (left > 0 && trouble == null) {
            trouble = left + " frames too many, none of which can be given back";
        }
    }

    /// Names of frames that are gone go over to others.
    private void names() {
        int next = pair.sides().watched().length - 1;
        for (int i = 0; i < pair.sides().numbers().count() && trouble == null; i++) {
            long mfn = pair.sides().numbers().owned(i);
            if (pair.probe().has((int) mfn) || idle((int) mfn)) {
                continue;
            }
            if (frame(mfn).ownedBy(XenBoot.PROBE)) {
                trouble = pair.sides().numbers().text(mfn) + " is left: " + frame(mfn);
                return;
            }
            while (next >= 0 && !spare(pair.sides().watched()[next])) {
                next--;
            }
            if (next < 0) {
                trouble = "no frame is left to be called " + pair.sides().numbers().name(mfn);
                return;
            }
            pair.sides().numbers().rename(i, pair.sides().watched()[next]);
        }
    }

    private boolean spare(int mfn) {
        return idle(mfn) && !pair.sides().numbers().named(mfn);
    }

    /// Whether nobody refers to a frame but the domain whose it is.
    private boolean idle(int mfn) {
        Frame frame = frame(mfn);
        return frame.ownedBy(XenBoot.PROBE)
                && frame.refs() == 1
                && frame.allocated()
                && !frame.special()
                && frame.use().count() == 0
                && !frame.use().pinned()
                && !pair.probe().has(mfn);
    }

    private void machineToPhysical() {
        List<long[]> requests = new ArrayList<>();
        for (int i = 0; i < physical.length; i++) {
            long mfn = pair.sides().numbers().owned(i);
            if (frame(mfn).m2p() != physical[i]) {
                requests.add(new long[] {mfn << 12 | MACHPHYS, physical[i]});
            }
        }
        updates(requests);
    }

    /// Frames that nobody holds keep the type they had last: it becomes writable again.
    private void types() {
        List<long[]> requests = new ArrayList<>();
        for (int i = 0; i < pair.sides().numbers().count(); i++) {
            long mfn = pair.sides().numbers().owned(i);
            if (!pair.probe().has((int) mfn) && !asAtStart(frame(mfn).use())) {
                requests.add(new long[] {mfn << 12, 0});
            }
        }
        updates(requests);
    }

    private static boolean asAtStart(TypeUse use) {
        return use.type() == PageType.WRITABLE
                && use.validity() == Validity.VALIDATED
                && use.count() == 0;
    }

    private void contents() {
        Machine machine = machine();
        for (int mfn : pair.sides().watched()) {
            if (pair.sides().memory().known(mfn) && idle(mfn)) {
                if (!frame(mfn).table().contents().known()) {
                    pair.sides().clear(mfn);
                }
                pair.sides().memory().forget(mfn);
            }
            Frame frame = machine.frames().get(mfn);
            if (frame.stale()) {
                machine = machine.with(new Mfn(mfn), frame.withStale(false));
            }
        }
        pair.sides().setMachine(machine);
    }

    // What is shown.

    private @Nullable String leftOver() {
        for (int mfn : pair.sides().watched()) {
            Frame frame = frame(mfn);
            if (!pair.probe().has(mfn)
                    && frame.ownedBy(XenBoot.PROBE)
                    && !frame.special()
                    && !idle(mfn)) {
                return pair.sides().numbers().text(mfn) + " is left: " + frame;
            }
        }
        for (int i = 0; i < pair.sides().numbers().count(); i++) {
            long mfn = pair.sides().numbers().owned(i);
            if (!pair.probe().has((int) mfn) && !asAtStart(frame(mfn).use())) {
                return pair.sides().numbers().text(mfn) + " is left: " + frame(mfn);
            }
        }
        long total = machine().domain(XenBoot.PROBE).totPages();
        if (total != pages) {
            return "the domain has " + total + " frames";
        }
        Mismatch mismatch = pair.everything();
        return mismatch == null ? null : mismatch.text(pair.name());
    }
}
