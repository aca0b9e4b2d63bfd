// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.concurrent;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.Invocation;
import org.provisor.spec.abi.Invocation.CallbackOpCall;
import org.provisor.spec.abi.Invocation.FpuTaskswitchCall;
import org.provisor.spec.abi.Invocation.MemoryOpCall;
import org.provisor.spec.abi.Invocation.MmuUpdateCall;
import org.provisor.spec.abi.Invocation.MmuextOpCall;
import org.provisor.spec.abi.Invocation.SetCallbacksCall;
import org.provisor.spec.abi.Invocation.SetGdtCall;
import org.provisor.spec.abi.Invocation.SetSegmentBaseCall;
import org.provisor.spec.abi.Invocation.SetTrapTableCall;
import org.provisor.spec.abi.Invocation.StackSwitchCall;
import org.provisor.spec.abi.Invocation.UnknownCall;
import org.provisor.spec.abi.Invocation.UpdateDescriptorCall;
import org.provisor.spec.abi.Invocation.UpdateVaMappingCall;
import org.provisor.spec.abi.Invocation.UpdateVaMappingOtherdomainCall;
import org.provisor.spec.abi.Invocation.VcpuOpCall;
import org.provisor.spec.abi.Invocation.VmAssistCall;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.PageType;
import org.provisor.spec.state.Vcpu;
import org.provisor.spec.transition.Event;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Which frames an element has to do with: those that its caller names or walks through, those that
/// an entry named before, and where a whole table is checked or taken apart, all that its entries
/// lead to.
///
/// @param before the machine before the round
/// @param first all words of memory then
/// @param last all words after the round
/// @param between by frame, what was stored in it during the round
@SuppressWarnings("ArrayRecordComponent")
record Naming(Machine before, long[] first, long[] last, Map<Integer, List<Long>> between) {

    private static final long ADDRESS = 0x000F_FFFF_FFFF_F000L;
    private static final int SLOT = 0x1FF;

    /// A walk has four levels.
    private static final int DEPTH = 4;

    /// Of a round.
    ///
    /// @param done what each vCPU did
    static Naming of(Machine before, long[] first, long[] last, List<List<Element>> done) {
        Map<Integer, List<Long>> between = new HashMap<>();
        done.forEach(side -> side.forEach(element -> store(element, first, between)));
        return new Naming(before, first, last, between);
    }

    /// What an element stores in a table above level 1 that nothing may show after the round.
    private static void store(Element element, long[] first, Map<Integer, List<Long>> between) {
        if (!(element.event instanceof Event.Call(var call))) {
            return;
        }
        long[] words = element.handed;
        if (call instanceof MmuUpdateCall) {
            stored(words[0] >>> 12, between).add(words[1]);
        } else if (call instanceof MmuextOpCall
                && words[0] == Calls.COPY_PAGE
                && words[2] >= 0
                && words[2] < TwoVcpus.FRAMES) {
            int from = (int) words[2] * TwoVcpus.SLOTS;
            for (int slot = 0; slot < TwoVcpus.SLOTS; slot++) {
                stored(words[1], between).add(first[from + slot]);
            }
        }
    }

    private static List<Long> stored(long mfn, Map<Integer, List<Long>> between) {
        return between.computeIfAbsent((int) mfn, _ -> new ArrayList<>());
    }

    /// The frames of an element, by number.
    BitSet of(Element element) {
        Names names = new Names();
        Vcpu vcpu = before.vcpu(element.by);
        vcpu.unfinished().forEach(left -> names.tree(left.table().value()));
        switch (element.event) {
            case Event.Call(var call) -> call(names, call, element, vcpu);
            case Event.Destroy(var domain) -> {
                for (int mfn = 0; mfn < before.frames().size(); mfn++) {
                    if (before.frames().get(mfn).ownedBy(domain)) {
                        names.tree(mfn);
                    }
                }
            }
            case Event.LoadDescriptor(int offset) ->
                    names.walk(vcpu, vcpu.ldt().base() + offset, 0);
            case Event.WriteReadOnly(var write) ->
                    names.walk(vcpu, write.cr2().value(), write.value());
            case Event.Arrive _ -> {}
            case null -> {
                if (element.mark != null) {
                    names.frame(element.mark.mfn());
                }
            }
        }
        return names.all();
    }

    private static void call(Names names, Invocation call, Element element, Vcpu vcpu) {
        long[] words = element.handed;
        switch (call) {
            case MmuUpdateCall _ ->
                    names.update(words[0] >>> 12, (int) words[0] >>> 3 & SLOT, words[1]);
            case MmuextOpCall _ -> mmuext(names, words, vcpu);
            case SetGdtCall _ -> {
                names.frame(words[0]);
                vcpu.gdt().frames().forEach(mfn -> names.frame(mfn.value()));
            }
            case UpdateDescriptorCall(var address, var _) -> names.frame(address.value() >>> 12);
            case MemoryOpCall _ -> {
                names.frame(words[Calls.GIVEN]);
                element.written.forEach(written -> names.frame(written.value()));
            }
            case UpdateVaMappingCall update -> names.walk(vcpu, update.va().value(), update.val());
            case UpdateVaMappingOtherdomainCall update ->
                    names.walk(vcpu, update.va().value(), update.val());
            case SetTrapTableCall _,
                    StackSwitchCall _,
                    SetCallbacksCall _,
                    FpuTaskswitchCall _,
                    SetSegmentBaseCall _,
                    CallbackOpCall _,
                    VmAssistCall _,
                    VcpuOpCall _,
                    UnknownCall _ -> {}
        }
    }

    private static void mmuext(Names names, long[] words, Vcpu vcpu) {
        switch ((int) words[0]) {
            case Calls.CLEAR_PAGE, Calls.COPY_PAGE -> {
                names.frame(words[1]);
                names.frame(words[2]);
            }
            case Calls.NEW_BASEPTR, Calls.NEW_USER_BASEPTR, Calls.SET_LDT -> {
                names.tree(words[1]);
                vcpu.root().forEach(mfn -> names.tree(mfn.value()));
                vcpu.userRoot().forEach(mfn -> names.tree(mfn.value()));
                vcpu.ldt().mapped().values().forEach(mfn -> names.frame(mfn.value()));
            }
            default -> names.tree(words[1]);
        }
    }

    /// Frames that are collected.
    private final class Names {

        private final BitSet frames = new BitSet();
        private final BitSet trees = new BitSet();

        /// A frame, whatever is in it.
        void frame(long mfn) {
            add(frames, mfn);
        }

        /// A frame and what entries in it lead to, and so on.
        void tree(long mfn) {
            add(trees, mfn);
        }

        /// A change of an entry.
        void update(long table, int slot, long entry) {
            frame(table);
            if (table >= before.frames().size()) {
                return;
            }
            boolean level1 = before.frames().get((int) table).use().type() == PageType.L1;
            entry(level1 ? frames : trees, entry);
            // What it led to is let go, and taken apart if nobody else holds it.
            entry(level1 ? frames : trees, first[(int) table * TwoVcpus.SLOTS + slot]);
            entry(level1 ? frames : trees, last[(int) table * TwoVcpus.SLOTS + slot]);
        }

        /// A walk, and a change of the level 1 entry at its end.
        void walk(Vcpu vcpu, long linear, long entry) {
            vcpu.root().forEach(root -> walk(root.value(), linear, entry, first));
            vcpu.root().forEach(root -> walk(root.value(), linear, entry, last));
        }

        private void walk(long root, long linear, long entry, long[] words) {
            long table = root;
            for (int level = DEPTH; level > 1; level--) {
                frame(table);
                int slot = (int) (linear >>> (3 + 9 * level)) & SLOT;
                long next = words[(int) table * TwoVcpus.SLOTS + slot];
                table = (next & ADDRESS) >>> 12;
                if ((next & 1) == 0 || table >= before.frames().size()) {
                    return;
                }
            }
            frame(table);
            entry(frames, entry);
            entry(frames, words[(int) table * TwoVcpus.SLOTS + ((int) (linear >>> 12) & SLOT)]);
        }

        BitSet all() {
            for (int level = 0; level < DEPTH; level++) {
                BitSet reached = (BitSet) trees.clone();
                for (int mfn = reached.nextSetBit(0); mfn >= 0; mfn = reached.nextSetBit(mfn + 1)) {
                    for (int slot = 0; slot < TwoVcpus.SLOTS; slot++) {
                        entry(trees, first[mfn * TwoVcpus.SLOTS + slot]);
                        entry(trees, last[mfn * TwoVcpus.SLOTS + slot]);
                    }
                    between.getOrDefault(mfn, List.of()).forEach(entry -> entry(trees, entry));
                }
            }
            frames.or(trees);
            return frames;
        }

        private void entry(BitSet set, long entry) {
            if ((entry & 1) != 0) {
                add(set, (entry & ADDRESS) >>> 12);
            }
        }

        private void add(BitSet set, long mfn) {
            if (mfn >= 0
                    && mfn < before.frames().size()
                    && !before.frames().get((int) mfn).ownedBy(Domid.XEN)) {
                set.set((int) mfn);
            }
        }
    }
}
