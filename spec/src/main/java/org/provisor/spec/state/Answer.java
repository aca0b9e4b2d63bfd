// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.state;

import io.vavr.control.Option;

import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.Invocation;

/// What the guest sees when it runs on.
public sealed interface Answer {

    /// The result register: a value, or a negated error number.
    record Returned(long value) implements Answer {}

    /// The registers state this call, and the instruction pointer is back at the instruction that
    /// makes it: the guest goes on with it without having noticed.
    ///
    /// @xen xen/arch/x86/hypercall.c, hypercall_create_continuation
    record Continued(Invocation call) implements Answer {}

    /// What was asked for goes on when it is asked for again: a toolstack's request, which no
    /// guest's registers carry.
    record Again() implements Answer {}

    /// The instruction is done, or is tried again and goes through.
    record Resumed() implements Answer {}

    /// The guest gets a page fault at this address, as the processor raised it.
    record PageFault(GuestAddress address) implements Answer {}

    /// The guest gets a page fault at this address that Xen makes up: a read, no page there.
    record ReadFault(GuestAddress address) implements Answer {}

    /// The guest gets a general-protection fault with this error code.
    record GeneralProtection(int errorCode) implements Answer {}

    /// The instruction compared, and found another value.
    record CompareFailed(long found) implements Answer {}

    /// The kernel is entered, or has returned: the guest goes on with these registers, and finds
    /// this byte in the place where it masks events.
    ///
    /// @param cr2 what is written to where the guest finds the address of a page fault
    /// @xen xen/include/public/xen.h, struct vcpu_info, evtchn_upcall_mask, arch.cr2
    record Entered(GuestRegisters registers, int upcallMask, Option<GuestAddress> cr2)
            implements Answer {}

    /// The domain crashes: none of its vCPUs goes on.
    record Crashed(String why) implements Answer {}

    /// The domain shuts down, to be powered off: none of its vCPUs goes on.
    ///
    /// @xen xen/include/public/sched.h, SHUTDOWN_poweroff
    record ShutDown() implements Answer {}

    /// The one value of {@link ShutDown}.
    Answer SHUT_DOWN = new ShutDown();

    /// The one value of {@link Again}.
    Answer AGAIN = new Again();

    /// The one value of {@link Resumed}.
    Answer RESUMED = new Resumed();

    /// The specification says nothing about this call.
    record Unspecified(String reason) implements Answer {}

    /// What was observed is not allowed.
    record NotAllowed(String why) implements Answer {}
}
