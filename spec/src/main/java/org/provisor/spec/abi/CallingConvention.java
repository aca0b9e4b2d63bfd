// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

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

/// How the calls of a paravirtual guest stand in its registers.
///
/// An argument takes as many low bits of its register as its type has in Xen's prototype; the other
/// bits are ignored. `p` is a pointer, `l` an `unsigned long`, `i` an `unsigned int`, `d` a
/// `domid_t` of 16 bits, `q` 64 bits: one register of a 64-bit guest; of a 32-bit guest two, the
/// lower half first.
///
/// | call                            | 64-bit  | 32-bit  |
/// |---------------------------------|---------|---------|
/// | `set_trap_table`                | `p`     | `p`     |
/// | `mmu_update`, `mmuext_op`       | `pipi`  | `pipi`  |
/// | `set_gdt`                       | `pi`    | `pi`    |
/// | `stack_switch`                  | `ll`    | `ii`    |
/// | `set_callbacks`                 | `lll`   | -       |
/// | `fpu_taskswitch`                | `i`     | `i`     |
/// | `update_descriptor`             | `qq`    | `qq`    |
/// | `memory_op`                     | `lp`    | `ip`    |
/// | `update_va_mapping`             | `lql`   | `iqi`   |
/// | `update_va_mapping_otherdomain` | `lqld`  | `iqid`  |
/// | `vm_assist`                     | `ii`    | `ii`    |
/// | `vcpu_op`                       | `iip`   | `iip`   |
/// | `set_segment_base`              | `il`    | -       |
/// | `callback_op`                   | `ip`    | `ip`    |
///
/// What stands in the registers of a 32-bit guest that makes a call without letters there is not
/// said: it is an unknown call.
///
/// The number is compared in full: a 64-bit guest with a bit set above bit 31 of `rax` makes no
/// call of Xen's.
///
/// @xen xen/include/hypercall-defs.c, the prototypes and the columns pv32 and pv64
/// @xen xen/scripts/gen_hypercall.awk, call_handlers
public final class CallingConvention {

    private CallingConvention() {}

    /// The call that the registers state.
    public static Invocation decode(Registers r) {
        var known = Hypercall.of(r.rax());
        if (known.isEmpty()) {
            return new UnknownCall(r.rax());
        }
        return switch (known.get()) {
            case SET_TRAP_TABLE -> new SetTrapTableCall(pointer(r, 1));
            case STACK_SWITCH -> new StackSwitchCall(r.arg1(), r.arg2());
            case SET_CALLBACKS -> only64(r, new SetCallbacksCall(r.arg1(), r.arg2(), r.arg3()));
            case FPU_TASKSWITCH -> new FpuTaskswitchCall(uint(r, 1));
            case SET_SEGMENT_BASE -> only64(r, new SetSegmentBaseCall(uint(r, 1), r.arg2()));
            case CALLBACK_OP -> new CallbackOpCall(uint(r, 1), pointer(r, 2));
            case MMU_UPDATE ->
                    new MmuUpdateCall(
                            pointer(r, 1),
                            new BatchCount(uint(r, 2)),
                            pointer(r, 3),
                            new ForeignDomains(uint(r, 4)));
            case MMUEXT_OP ->
                    new MmuextOpCall(
                            pointer(r, 1),
                            new BatchCount(uint(r, 2)),
                            pointer(r, 3),
                            new ForeignDomains(uint(r, 4)));
            case SET_GDT -> new SetGdtCall(pointer(r, 1), uint(r, 2));
            case UPDATE_DESCRIPTOR ->
                    new UpdateDescriptorCall(
                            new MachineAddress(wide(r, 1)),
                            new SegmentDescriptor(wide(r, afterWide(r, 1))));
            case MEMORY_OP -> new MemoryOpCall(new MemoryOpWord(r.arg1()), pointer(r, 2));
            case UPDATE_VA_MAPPING ->
                    new UpdateVaMappingCall(
                            pointer(r, 1), wide(r, 2), new UvmFlags(r.arg(afterWide(r, 2))));
            case UPDATE_VA_MAPPING_OTHERDOMAIN ->
                    new UpdateVaMappingOtherdomainCall(
                            pointer(r, 1),
                            wide(r, 2),
                            new UvmFlags(r.arg(afterWide(r, 2))),
                            new Domid((int) (r.arg(afterWide(r, 2) + 1) & 0xFFFF)));
            case VM_ASSIST -> new VmAssistCall(uint(r, 1), uint(r, 2));
            case VCPU_OP -> new VcpuOpCall(uint(r, 1), uint(r, 2), pointer(r, 3));
            default -> new UnknownCall(r.rax());
        };
    }

    /// `before` with the number and the arguments of `call`; registers that the call does not use
    /// stay as they are.
    public static Registers encode(Invocation call, Registers before) {
        return switch (call) {
            case SetTrapTableCall(var traps) ->
                    of(Hypercall.SET_TRAP_TABLE, before).withArg(1, traps.value());
            case StackSwitchCall(var ss, var esp) ->
                    of(Hypercall.STACK_SWITCH, before).withArg(1, ss).withArg(2, esp);
            case SetCallbacksCall(var event, var failsafe, var syscall) ->
                    of(Hypercall.SET_CALLBACKS, before)
                            .withArg(1, event)
                            .withArg(2, failsafe)
                            .withArg(3, syscall);
            case FpuTaskswitchCall(var set) -> of(Hypercall.FPU_TASKSWITCH, before).withArg(1, set);
            case SetSegmentBaseCall(var which, var base) ->
                    of(Hypercall.SET_SEGMENT_BASE, before).withArg(1, which).withArg(2, base);
            case CallbackOpCall(var cmd, var arg) ->
                    of(Hypercall.CALLBACK_OP, before).withArg(1, cmd).withArg(2, arg.value());
            case MmuUpdateCall(var ureqs, var count, var pdone, var foreigndom) ->
                    of(Hypercall.MMU_UPDATE, before)
                            .withArg(1, ureqs.value())
                            .withArg(2, count.word())
                            .withArg(3, pdone.value())
                            .withArg(4, foreigndom.word());
            case MmuextOpCall(var uops, var count, var pdone, var foreigndom) ->
                    of(Hypercall.MMUEXT_OP, before)
                            .withArg(1, uops.value())
                            .withArg(2, count.word())
                            .withArg(3, pdone.value())
                            .withArg(4, foreigndom.word());
            case SetGdtCall(var frameList, var entries) ->
                    of(Hypercall.SET_GDT, before).withArg(1, frameList.value()).withArg(2, entries);
            case UpdateDescriptorCall(var gaddr, var desc) -> {
                var first = withWide(of(Hypercall.UPDATE_DESCRIPTOR, before), 1, gaddr.value());
                yield withWide(first, afterWide(first, 1), desc.raw());
            }
            case MemoryOpCall(var cmd, var arg) ->
                    of(Hypercall.MEMORY_OP, before).withArg(1, cmd.word()).withArg(2, arg.value());
            case UpdateVaMappingCall(var va, var val, var flags) ->
                    withWide(of(Hypercall.UPDATE_VA_MAPPING, before), 2, val)
                            .withArg(1, va.value())
                            .withArg(afterWide(before, 2), flags.word());
            case UpdateVaMappingOtherdomainCall(var va, var val, var flags, var domid) ->
                    withWide(of(Hypercall.UPDATE_VA_MAPPING_OTHERDOMAIN, before), 2, val)
                            .withArg(1, va.value())
                            .withArg(afterWide(before, 2), flags.word())
                            .withArg(afterWide(before, 2) + 1, domid.value());
            case VmAssistCall(var cmd, var type) ->
                    of(Hypercall.VM_ASSIST, before).withArg(1, cmd).withArg(2, type);
            case VcpuOpCall(var cmd, var vcpuid, var arg) ->
                    of(Hypercall.VCPU_OP, before)
                            .withArg(1, cmd)
                            .withArg(2, vcpuid)
                            .withArg(3, arg.value());
            case UnknownCall(var number) -> before.withRax(number);
        };
    }

    /// The registers of `call`, all others zero.
    public static Registers encode(Invocation call, Bitness bitness) {
        return encode(call, Registers.zero(bitness));
    }

    private static Invocation only64(Registers r, Invocation call) {
        return switch (r.bitness()) {
            case BITS_64 -> call;
            case BITS_32 -> new UnknownCall(r.rax());
        };
    }

    private static Registers of(Hypercall call, Registers before) {
        return before.withRax(call.number());
    }

    private static GuestAddress pointer(Registers r, int n) {
        return new GuestAddress(r.arg(n));
    }

    private static long uint(Registers r, int n) {
        return r.arg(n) & 0xFFFF_FFFFL;
    }

    private static long wide(Registers r, int n) {
        return switch (r.bitness()) {
            case BITS_64 -> r.arg(n);
            case BITS_32 -> r.arg(n) | (r.arg(n + 1) << 32);
        };
    }

    private static Registers withWide(Registers r, int n, long value) {
        return switch (r.bitness()) {
            case BITS_64 -> r.withArg(n, value);
            case BITS_32 -> r.withArg(n, value).withArg(n + 1, value >>> 32);
        };
    }

    /// The argument that follows a 64-bit argument `n`.
    private static int afterWide(Registers r, int n) {
        return switch (r.bitness()) {
            case BITS_64 -> n + 1;
            case BITS_32 -> n + 2;
        };
    }
}
