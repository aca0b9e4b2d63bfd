// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.launch;

import static org.provisor.impl.abi.Errno.EFAULT;
import static org.provisor.impl.abi.Errno.EINVAL;

import org.provisor.impl.abi.HypercallNumbers;
import org.provisor.impl.bits.Addresses;
import org.provisor.impl.hypercall.Registers;
import org.provisor.impl.mm.CallerMemory;
import org.provisor.impl.mm.Vcpu;

/// Makes calls that a list states, one after another, and puts the result of each into its entry.
///
/// | offset | bytes | entry of the list  |
/// |--------|-------|--------------------|
/// | 0      | 8     | number of the call |
/// | 8      | 8     | its result         |
/// | 16     | 48    | its six arguments  |
///
/// The list ends early where memory ends, and with `iret`: what is behind it would run for user
/// mode. Where a call is preempted the guest makes the multicall again, with what is left of the
/// call in the entry and of the list in the registers.
///
/// @xen xen/common/multicall.c, do_multicall
/// @xen xen/include/public/xen.h, struct multicall_entry
final class Multicalls {

    /// Makes one call, `iret` too, and puts its result into the registers.
    @FunctionalInterface
    interface Inner {

        /// Makes it.
        ///
        /// @return whether nothing is to be made after it
        boolean call(Registers registers);
    }

    private static final int ENTRY_BYTES = 64;
    private static final int RESULT = 8;
    private static final int ARGUMENTS = 16;
    private static final int USED_ARGUMENTS = 5;

    /// How many calls are made before the guest goes on with the same multicall.
    private static final int AT_ONCE = 32;

    private static final int SYSCALL_BYTES = 2;
    private static final long UINT = 0xFFFF_FFFFL;

    private final Vcpu vcpu;
    private final Inner inner;
    private final Registers one = new Registers();
    private final long[] entry = new long[ENTRY_BYTES / Long.BYTES];

    Multicalls(final Vcpu vcpu, final Inner inner) {
        this.vcpu = vcpu;
        this.inner = inner;
    }

    /// Makes the multicall that the registers state.
    ///
    /// @return whether it has ended with a call behind which the guest does not go on
    boolean call(final Registers outer) {
        final long list = outer.rdi;
        final long count = outer.rsi & UINT;
        outer.rax = Addresses.ofGuest(list) ? 0 : -EFAULT;
        for (long done = 0; outer.rax == 0 && done < count; done++) {
            final long at = list + done * ENTRY_BYTES;
            if (done == AT_ONCE) {
                restate(outer, at, count - done);
            } else if (!CallerMemory.read(vcpu, at, entry, ENTRY_BYTES)) {
                outer.rax = -EFAULT;
            } else if (make()) {
                CallerMemory.write(vcpu, at + RESULT, one.rax, Long.BYTES);
                return true;
            } else if (!CallerMemory.write(vcpu, at + RESULT, one.rax, Long.BYTES)) {
                outer.rax = -EFAULT;
            } else if (one.rip != 0) {
                if (writeBack(at)) {
                    restate(outer, at, count - done);
                } else {
                    outer.rax = -EFAULT;
                }
            }
        }
        return false;
    }

    /// Makes the call of the entry.
    ///
    /// @return whether nothing is to be made after it
    private boolean make() {
        one.rax = entry[0];
        one.rdi = entry[2];
        one.rsi = entry[3];
        one.rdx = entry[4];
        one.r10 = entry[5];
        one.r8 = entry[6];
        one.rip = 0;
        if (one.rax == HypercallNumbers.MULTICALL) {
            one.rax = -EINVAL;
            return false;
        }
        return inner.call(one);
    }

    /// What is left of a call that is to be made again.
    private boolean writeBack(final long at) {
        final long[] arguments = {one.rdi, one.rsi, one.rdx, one.r10, one.r8};
        boolean written = CallerMemory.write(vcpu, at, one.rax, Long.BYTES);
        for (int i = 0; i < USED_ARGUMENTS; i++) {
            final long to = at + ARGUMENTS + (long) i * Long.BYTES;
            written &= CallerMemory.write(vcpu, to, arguments[i], Long.BYTES);
        }
        return written;
    }

    private static void restate(final Registers outer, final long at, final long left) {
        outer.rax = HypercallNumbers.MULTICALL;
        outer.rdi = at;
        outer.rsi = left;
        outer.rip -= SYSCALL_BYTES;
    }
}
