// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.pv;

import static org.provisor.spec.abi.XenErrno.EINVAL;

import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.control.Option;

import org.provisor.spec.abi.CallbackType;
import org.provisor.spec.abi.FlatSelectors;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.GuestGdt;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.abi.PageFrames;
import org.provisor.spec.abi.TrapInfo;
import org.provisor.spec.abi.VcpuGuestContext;
import org.provisor.spec.mm.GuestAddresses;
import org.provisor.spec.mm.VcpuTables;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Callback;
import org.provisor.spec.state.KernelEntry;
import org.provisor.spec.state.SegmentBases;
import org.provisor.spec.state.Step;
import org.provisor.spec.state.TrapHandler;
import org.provisor.spec.x86.LinearAddress;

/// What a vCPU starts with: what is refused of it, and what it means.
///
/// @xen xen/arch/x86/domain.c, arch_set_info_guest
final class VcpuContext {

    private static final long MAX_LDT_ENTRIES = 8192;
    private static final long UINT = 0xFFFF_FFFFL;
    private static final long TASK_SWITCHED = 1 << 3;

    private VcpuContext() {}

    /// Looks at what a vCPU is to start with, its tables apart.
    ///
    /// | row | what is said                                                         | outcome     |
    /// |-----|----------------------------------------------------------------------|-------------|
    /// | a   | has an address of code or of a stack, or a base, that is not canonical | `EINVAL`  |
    /// | b   | has a handler at an address that is not canonical                    | `EINVAL`    |
    /// | c   | has a local table at an address that no guest may name               | `EINVAL`    |
    /// | d   | has a local table that does not start at the start of a page         | `EINVAL`    |
    /// | e   | has a local table of more than 8192 descriptors                      | `EINVAL`    |
    /// | f   | has a global table of more than 14 frames                            | `EINVAL`    |
    /// | g   | has it start in user mode and has no root for that                   | `EINVAL`    |
    /// | h   | is anything else                                                     | as it says  |
    ///
    /// The local table's address is looked at even if it has no descriptors. Of the number of
    /// descriptors of the global table Xen takes that of frames to 32 bits. Debug registers are not
    /// looked at: those that cannot be stay as they are after a reset.
    @Clause(
            value = "pv.vcpu-op.context",
            rows = {"a", "b", "c", "d", "e", "f", "g", "h"})
    static Step check(Step at, VcpuGuestContext context) {
        if (!addresses(context).forAll(LinearAddress::canonical)) {
            return at.refuse("pv.vcpu-op.context/a", EINVAL);
        }
        if (!context.traps().forAll(trap -> LinearAddress.canonical(trap.address().value()))) {
            return at.refuse("pv.vcpu-op.context/b", EINVAL);
        }
        if (!GuestAddresses.ok(new GuestAddress(context.ldtBase()))) {
            return at.refuse("pv.vcpu-op.context/c", EINVAL);
        }
        if ((context.ldtBase() & (PageFrames.PAGE_SIZE - 1)) != 0) {
            return at.refuse("pv.vcpu-op.context/d", EINVAL);
        }
        if (Long.compareUnsigned(context.ldtEntries(), MAX_LDT_ENTRIES) > 0) {
            return at.refuse("pv.vcpu-op.context/e", EINVAL);
        }
        if (gdtFrames(context) > GuestGdt.FIRST_RESERVED_GDT_PAGE) {
            return at.refuse("pv.vcpu-op.context/f", EINVAL);
        }
        if (!context.has(VcpuGuestContext.VGCF_IN_KERNEL) && context.control1() == 0) {
            return at.refuse("pv.vcpu-op.context/g", EINVAL);
        }
        return at.row("pv.vcpu-op.context/h");
    }

    private static List<Long> addresses(VcpuGuestContext context) {
        return List.of(
                context.rip(),
                context.rsp(),
                context.kernelSp(),
                context.fsBase(),
                context.gsBaseKernel(),
                context.gsBaseUser(),
                context.eventCallback(),
                context.syscallCallback(),
                context.failsafeCallback());
    }

    private static long gdtFrames(VcpuGuestContext context) {
        long last = context.gdtEntries() + GuestGdt.ENTRIES_PER_PAGE - 1;
        return Long.divideUnsigned(last, GuestGdt.ENTRIES_PER_PAGE) & UINT;
    }

    /// The tables it says.
    static VcpuTables.Wanted tables(VcpuGuestContext context) {
        return new VcpuTables.Wanted(
                context.gdtEntries() & UINT,
                context.gdtFrames(),
                context.ldtBase(),
                (int) context.ldtEntries(),
                frame(context.control3()),
                context.control1() == 0 ? Option.none() : Option.some(frame(context.control1())));
    }

    private static Mfn frame(long control) {
        return new Mfn(control >>> PageFrames.PAGE_SHIFT);
    }

    /// How the kernel wants to be entered, by what it says: all vectors have a handler, many of
    /// them at address 0, that is, nowhere. Selectors get privilege level 3. Callbacks that it says
    /// nothing of stay as they were.
    @Clause("pv.vcpu-op.entry")
    static KernelEntry entry(VcpuGuestContext context, KernelEntry before) {
        Map<Integer, TrapHandler> handlers = HashMap.empty();
        for (int vector = 0; vector < VcpuGuestContext.VECTORS; vector++) {
            TrapInfo trap = context.traps().get(vector);
            handlers =
                    handlers.put(
                            vector,
                            new TrapHandler(
                                    trap.flags(),
                                    trap.cs() | FlatSelectors.RPL,
                                    trap.address().value()));
        }
        return before.withHandlers(handlers)
                .withStack(context.kernelSs() | FlatSelectors.RPL, context.kernelSp())
                .withCallback(CallbackType.EVENT, new Callback(context.eventCallback(), false))
                .withCallback(
                        CallbackType.FAILSAFE,
                        new Callback(
                                context.failsafeCallback(),
                                context.has(VcpuGuestContext.VGCF_FAILSAFE_DISABLES_EVENTS)))
                .withCallback(
                        CallbackType.SYSCALL,
                        new Callback(
                                context.syscallCallback(),
                                context.has(VcpuGuestContext.VGCF_SYSCALL_DISABLES_EVENTS)))
                .withTaskSwitched((context.control0() & TASK_SWITCHED) != 0)
                .withBases(
                        new SegmentBases(
                                context.fsBase(), context.gsBaseKernel(), context.gsBaseUser()))
                .withIopl(context.rflags() & Flags.IOPL)
                .withUserMode(!context.has(VcpuGuestContext.VGCF_IN_KERNEL));
    }
}
