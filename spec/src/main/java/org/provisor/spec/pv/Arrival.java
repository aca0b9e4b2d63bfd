// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.pv;

import org.provisor.spec.state.GuestRegisters;

/// A vCPU has stopped with something for its kernel, or is about to leave it.
///
/// @param registers what its registers hold
/// @param upcallMask the byte by which the guest masks events, 0 for not masked
/// @param upcallPending whether the byte that says that events are pending is not 0
/// @param cause what it has stopped with
/// @xen xen/include/public/xen.h, struct vcpu_info
public record Arrival(
        GuestRegisters registers, int upcallMask, boolean upcallPending, Cause cause) {

    /// What a vCPU can stop with.
    public sealed interface Cause {}

    /// An exception that the guest is to have; RIP is where the processor left it.
    ///
    /// @param vector one of 0, 1, 3 to 7, 10 to 14, 16, 17 and 19
    /// @param errorCode what the processor gave; means nothing where the vector has none
    /// @param cr2 where it was, for a page fault
    @SuppressWarnings("AvoidCommonTypeNames") // What the manuals call it.
    public record Exception(int vector, long errorCode, long cr2) implements Cause {}

    /// `int n`; RIP is at the instruction.
    ///
    /// @param next behind the instruction
    public record Interrupt(int vector, long next) implements Cause {}

    /// `syscall` in user mode; RCX and R11 are RIP and RFLAGS, as the processor sets them.
    public record UserSyscall() implements Cause {}

    /// The vCPU is about to go on: events may be pending.
    public record Events() implements Cause {}

    /// The kernel makes the call `iret`.
    public record Iret() implements Cause {}
}
