// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.abstraction;

import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

import org.provisor.impl.mm.EntryState;
import org.provisor.spec.abi.CallbackType;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.state.Callback;
import org.provisor.spec.state.GlobalTable;
import org.provisor.spec.state.KernelEntry;
import org.provisor.spec.state.LocalTable;
import org.provisor.spec.state.SegmentBases;
import org.provisor.spec.state.TrapHandler;
import org.provisor.spec.state.Unfinished;
import org.provisor.spec.state.Vcpu;
import org.provisor.spec.state.VcpuLife;

/// A vCPU.
///
/// All fields change by the one thread that makes calls for the vCPU, or, before it is initialised,
/// by that of the vCPU that does so; once its domain is dying, by the thread that tears the domain
/// down, which has waited for the other. Others may read them meanwhile and see a table gone that
/// is being replaced.
public final class VcpuAbstraction {

    private static final int LDT_PAGES = 16;
    private static final int ENTRIES_PER_PAGE = 512;

    private VcpuAbstraction() {}

    /// A vCPU.
    public static Vcpu vcpu(org.provisor.impl.mm.Vcpu vcpu) {
        return new Vcpu(
                frame(vcpu.root()),
                frame(vcpu.userRoot()),
                ldt(vcpu),
                gdt(vcpu),
                unfinished(vcpu),
                entry(vcpu.entry()),
                life(vcpu));
    }

    /// `Vcpu.life`: changed with a lock of the domain held; up only once all the rest is there.
    public static VcpuLife life(org.provisor.impl.mm.Vcpu vcpu) {
        return switch (vcpu.life()) {
            case org.provisor.impl.mm.VcpuLife.UNINITIALISED -> VcpuLife.UNINITIALISED;
            case org.provisor.impl.mm.VcpuLife.DOWN -> VcpuLife.DOWN;
            case org.provisor.impl.mm.VcpuLife.UP -> VcpuLife.UP;
            default -> throw new IllegalStateException("life " + vcpu.life());
        };
    }

    /// `Vcpu.entry`: handlers with anything in them, callbacks with an address or a flag.
    public static KernelEntry entry(EntryState state) {
        Map<Integer, TrapHandler> handlers = HashMap.empty();
        for (int vector = 0; vector < EntryState.VECTORS; vector++) {
            if (handles(state, vector)) {
                handlers = handlers.put(vector, handler(state, vector));
            }
        }
        return entry(state, handlers);
    }

    /// Whether an entry is [#entry] of a state: the same, without making handlers anew.
    public static boolean same(KernelEntry entry, EntryState state) {
        Map<Integer, TrapHandler> handlers = entry.handlers();
        int found = 0;
        for (int vector = 0; vector < EntryState.VECTORS; vector++) {
            if (handles(state, vector)) {
                if (!handlers.get(vector).contains(handler(state, vector))) {
                    return false;
                }
                found++;
            }
        }
        return found == handlers.size() && entry.equals(entry(state, handlers));
    }

    private static boolean handles(EntryState state, int vector) {
        return (state.handlerFlags(vector) | state.handlerSelector(vector) | state.handler(vector))
                != 0;
    }

    private static TrapHandler handler(EntryState state, int vector) {
        return new TrapHandler(
                state.handlerFlags(vector), state.handlerSelector(vector), state.handler(vector));
    }

    private static KernelEntry entry(EntryState state, Map<Integer, TrapHandler> handlers) {
        return new KernelEntry(
                        handlers,
                        state.kernelStackSegment,
                        state.kernelStack,
                        HashMap.empty(),
                        state.taskSwitched,
                        new SegmentBases(state.fsBase, state.gsBaseKernel, state.gsBaseUser),
                        state.ioPrivilege,
                        state.userMode)
                .withCallback(CallbackType.EVENT, new Callback(state.eventCallback, false))
                .withCallback(
                        CallbackType.FAILSAFE,
                        new Callback(state.failsafeCallback, state.failsafeMasks))
                .withCallback(
                        CallbackType.SYSCALL,
                        new Callback(state.syscallCallback, state.syscallMasks))
                .withCallback(
                        CallbackType.SYSCALL32,
                        new Callback(state.syscall32Callback, state.syscall32Masks))
                .withCallback(
                        CallbackType.SYSENTER,
                        new Callback(state.sysenterCallback, state.sysenterMasks));
    }

    /// `Vcpu.root` and `Vcpu.userRoot`: a frame number, or none. Each holds a general and a type
    /// reference, taken before the number is written and dropped after it is overwritten. I1.
    public static Option<Mfn> frame(long mfn) {
        return mfn == org.provisor.impl.mm.Vcpu.NONE ? Option.none() : Option.some(new Mfn(mfn));
    }

    /// `Vcpu.ldt`: its base and number of entries, and of each page the frame that was mapped when
    /// the processor asked. I1.
    public static LocalTable ldt(org.provisor.impl.mm.Vcpu vcpu) {
        Map<Integer, Mfn> mapped = HashMap.empty();
        for (int page = 0; page < LDT_PAGES; page++) {
            if (vcpu.ldtFrame(page) != org.provisor.impl.mm.Vcpu.NONE) {
                mapped = mapped.put(page, new Mfn(vcpu.ldtFrame(page)));
            }
        }
        return new LocalTable(vcpu.ldtBase(), vcpu.ldtEntries(), mapped);
    }

    /// `Vcpu.gdt`: the number of entries, and as many frames as they need. I1.
    public static GlobalTable gdt(org.provisor.impl.mm.Vcpu vcpu) {
        Vector<Mfn> frames = Vector.empty();
        for (int page = 0; page < gdtPages(vcpu.gdtEntries()); page++) {
            frames = frames.append(new Mfn(vcpu.gdtFrame(page)));
        }
        return new GlobalTable(vcpu.gdtEntries(), frames);
    }

    /// How many frames so many entries of a global table need.
    public static int gdtPages(int entries) {
        return (entries + ENTRIES_PER_PAGE - 1) / ENTRIES_PER_PAGE;
    }

    /// `Vcpu.unfinished`: the old table, the table of the entry that led to it, and whether its
    /// type reference goes with its being partial. Where no entry led to it, the specification
    /// writes the table itself as container, which then means nothing. The container is changed to
    /// none also by a thread that lets go of it, under `Host.containers`. I1, I4.
    public static Option<Unfinished> unfinished(org.provisor.impl.mm.Vcpu vcpu) {
        if (vcpu.oldTable() == org.provisor.impl.mm.Vcpu.NONE) {
            return Option.none();
        }
        Mfn table = new Mfn(vcpu.oldTable());
        boolean contained = vcpu.oldContainer() != org.provisor.impl.mm.Vcpu.NONE;
        return Option.some(
                new Unfinished(
                        table,
                        contained ? new Mfn(vcpu.oldContainer()) : table,
                        contained,
                        vcpu.oldPartial()));
    }
}
