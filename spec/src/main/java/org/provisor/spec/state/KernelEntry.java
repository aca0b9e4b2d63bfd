// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.state;

import io.vavr.collection.HashMap;
import io.vavr.collection.Map;

import org.provisor.spec.abi.CallbackType;

/// How a vCPU's kernel wants to be entered, and in which of its two modes the vCPU is.
///
/// @param handlers what vectors lead to; those that are missing lead nowhere
/// @param stackSegment the stack segment for entries from user mode; kept, and not used
/// @param stack where the stack begins for entries from user mode
/// @param callbacks where it is entered for what is no exception; those that are missing are {@link
///   Callback#NONE}, and that for non-maskable interrupts is the handler of vector 2
/// @param taskSwitched what the guest takes for CR0.TS
/// @param bases bases of its segments
/// @param iopl the I/O privilege level, where RFLAGS has it
/// @param userMode whether it is in user mode
/// @xen xen/arch/x86/include/asm/domain.h, struct pv_vcpu
public record KernelEntry(
        Map<Integer, TrapHandler> handlers,
        long stackSegment,
        long stack,
        Map<CallbackType, Callback> callbacks,
        boolean taskSwitched,
        SegmentBases bases,
        long iopl,
        boolean userMode) {

    /// Of a vCPU that has not been set up.
    public static final KernelEntry NONE =
            new KernelEntry(
                    HashMap.empty(), 0, 0, HashMap.empty(), false, SegmentBases.NONE, 0, false);

    /// Where the kernel is entered for something that is no exception.
    public Callback callback(CallbackType type) {
        return callbacks.getOrElse(type, Callback.NONE);
    }

    public KernelEntry withHandlers(Map<Integer, TrapHandler> now) {
        return new KernelEntry(
                now, stackSegment, stack, callbacks, taskSwitched, bases, iopl, userMode);
    }

    public KernelEntry withStack(long segment, long start) {
        return new KernelEntry(
                handlers, segment, start, callbacks, taskSwitched, bases, iopl, userMode);
    }

    /// The same with another callback, or without it where that is {@link Callback#NONE}.
    public KernelEntry withCallback(CallbackType type, Callback now) {
        return new KernelEntry(
                handlers,
                stackSegment,
                stack,
                now.equals(Callback.NONE) ? callbacks.remove(type) : callbacks.put(type, now),
                taskSwitched,
                bases,
                iopl,
                userMode);
    }

    public KernelEntry withTaskSwitched(boolean now) {
        return new KernelEntry(
                handlers, stackSegment, stack, callbacks, now, bases, iopl, userMode);
    }

    public KernelEntry withBases(SegmentBases now) {
        return new KernelEntry(
                handlers, stackSegment, stack, callbacks, taskSwitched, now, iopl, userMode);
    }

    public KernelEntry withIopl(long now) {
        return new KernelEntry(
                handlers, stackSegment, stack, callbacks, taskSwitched, bases, now, userMode);
    }

    public KernelEntry withUserMode(boolean now) {
        return new KernelEntry(
                handlers, stackSegment, stack, callbacks, taskSwitched, bases, iopl, now);
    }
}
