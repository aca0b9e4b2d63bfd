// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.state;

/// Whether a vCPU has been set up, and whether it is to run.
///
/// The vCPU that a domain starts on is set up by whoever builds the domain, and up; the others by
/// `vcpu_op`.
///
/// @xen xen/include/xen/sched.h, struct vcpu, is_initialised, pause_flags, VPF_down
public enum VcpuLife {
    /// Nobody has said yet what it starts with.
    UNINITIALISED,

    /// It does not run.
    DOWN,

    /// It runs, unless it waits for an event.
    UP
}
