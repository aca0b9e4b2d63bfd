// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.state;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.Mfn;

/// The whole abstract state. Immutable; two machines with the same contents are equal.
///
/// @param profile what differs between versions and machines
/// @param frames the machine's frames by number
/// @param domains the domains there are, by identifier; a dead domain stays until its last frame is
///   gone
public record Machine(Profile profile, Frames frames, Domains domains) {

    /// Whether the machine has a frame of this number. The others have no entry in the frame table.
    ///
    /// @xen xen/common/pdx.c, __mfn_valid
    public boolean has(Mfn mfn) {
        return mfn.value() >= 0 && mfn.value() < frames.size();
    }

    /// The frame of this number, which must exist.
    public Frame frame(Mfn mfn) {
        return frames.get((int) mfn.value());
    }

    public Machine with(Mfn mfn, Frame frame) {
        return new Machine(profile, frames.update((int) mfn.value(), frame), domains);
    }

    public boolean has(Domid id) {
        return domains.has(id);
    }

    /// The domain of this identifier, which must exist.
    public Domain domain(Domid id) {
        return domains.get(id)
                .getOrElseThrow(() -> new IllegalArgumentException("no such domain: " + id));
    }

    public Machine with(Domain domain) {
        return new Machine(profile, frames, domains.with(domain));
    }

    public Machine without(Domid id) {
        return new Machine(profile, frames, domains.without(id));
    }

    public Vcpu vcpu(VcpuId id) {
        return domain(id.domain()).vcpus().get(id.number());
    }

    public Machine with(VcpuId id, Vcpu vcpu) {
        return with(domain(id.domain()).withVcpu(id.number(), vcpu));
    }
}
