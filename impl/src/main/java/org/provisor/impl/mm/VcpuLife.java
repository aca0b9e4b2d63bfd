// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

/// Whether a vCPU has been set up, and whether it is to run.
///
/// @xen xen/include/xen/sched.h, struct vcpu, is_initialised, pause_flags
public final class VcpuLife {

    /// Nobody has said yet what it starts with.
    public static final int UNINITIALISED = 0;

    /// It does not run.
    public static final int DOWN = 1;

    /// It runs, unless it waits for an event.
    public static final int UP = 2;

    private VcpuLife() {}
}
