// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import java.util.Arrays;

/// What a paravirtual kernel has told the hypervisor of how it wants to be entered, and which of
/// its two modes the vCPU is in. Only the one thread that makes calls for the vCPU uses it.
///
/// @xen xen/arch/x86/include/asm/domain.h, struct pv_vcpu
public final class EntryState {

    /// How many handlers there can be, one for each vector.
    public static final int VECTORS = 256;

    private final long[] addresses = new long[VECTORS];
    private final int[] selectors = new int[VECTORS];
    private final int[] flags = new int[VECTORS];

    /// Where the kernel's stack begins, for entries from user mode.
    public long kernelStack;

    public long kernelStackSegment;

    public long eventCallback;
    public long failsafeCallback;
    public long syscallCallback;
    public long syscall32Callback;
    public long sysenterCallback;

    /// Whether events are masked on the way into the callback.
    public boolean failsafeMasks;

    public boolean syscallMasks;
    public boolean syscall32Masks;
    public boolean sysenterMasks;

    /// What the guest takes for CR0.TS.
    public boolean taskSwitched;

    /// Bases of segments; of the two of GS the one of the mode that runs is the processor's.
    public long fsBase;

    public long gsBaseKernel;
    public long gsBaseUser;

    /// The I/O privilege level in the place that it has in RFLAGS.
    public int ioPrivilege;

    public boolean userMode;

    EntryState() {}

    /// Where the handler of a vector begins, or 0.
    public long handler(final int vector) {
        return addresses[vector];
    }

    public int handlerSelector(final int vector) {
        return selectors[vector];
    }

    /// Bits 0 and 1: from which privilege level on software may raise the vector; bit 2: events are
    /// masked on the way in; the others mean nothing.
    public int handlerFlags(final int vector) {
        return flags[vector];
    }

    public void setHandler(
            final int vector, final long address, final int selector, final int newFlags) {
        addresses[vector] = address;
        selectors[vector] = selector;
        flags[vector] = newFlags;
    }

    public void clearHandlers() {
        Arrays.fill(addresses, 0);
        Arrays.fill(selectors, 0);
        Arrays.fill(flags, 0);
    }

    /// The base of GS as the mode that runs has it.
    public long gsBase() {
        return userMode ? gsBaseUser : gsBaseKernel;
    }

    public void setGsBase(final long base) {
        if (userMode) {
            gsBaseUser = base;
        } else {
            gsBaseKernel = base;
        }
    }
}
