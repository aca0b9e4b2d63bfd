// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.abstraction;

import io.vavr.collection.Vector;

import org.provisor.impl.mm.Host;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.state.Domains;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Frames;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.Profile;

/// The machine as a whole.
public final class MachineAbstraction {

    private MachineAbstraction() {}

    /// A machine, nothing being known of old translations.
    ///
    /// @param ids the domains there may be
    public static Machine machine(Host host, int[] ids) {
        int size = host.frames().size();
        Frame[] frames = new Frame[size];
        for (int mfn = 0; mfn < size; mfn++) {
            frames[mfn] = FrameAbstraction.frame(host, mfn, false);
        }
        Domains domains = Domains.NONE;
        for (int id : ids) {
            org.provisor.impl.mm.Domain domain = host.domain(id);
            if (domain != null) {
                domains = domains.with(DomainAbstraction.domain(host, domain));
            }
        }
        return new Machine(profile(host), Frames.of(frames), domains);
    }

    /// `Machine.profile`: never changes.
    public static Profile profile(Host host) {
        Host.Options options = host.options();
        Profile xen = Profile.XEN_4_17;
        return new Profile(
                xen.name(),
                xen.slots(),
                xen.firstXenSlot(),
                xen.lastXenSlot(),
                options.linearTables(),
                options.maxOrderGuest(),
                options.maxOrderDevices(),
                options.maxOrderControl(),
                options.maxOrderHardware(),
                DomainAbstraction.members(host.readOnlyDevices()),
                machphysFrames(host));
    }

    private static Vector<Mfn> machphysFrames(Host host) {
        long words = 512L * 512;
        Vector<Mfn> frames = Vector.empty();
        for (long first = 0; first < host.frames().size(); first += words) {
            frames = frames.append(new Mfn((host.machineToPhysicalTable() >>> 12) + first / 512));
        }
        return frames;
    }

    /// How many frames are free: the allocator's count, under its lock. The specification counts
    /// the frames that are nobody's. I11.
    public static long freeFrames(Host host) {
        return host.allocator().freeFrames();
    }

    /// How many frames are kept back: the allocator's count, under its lock. The specification adds
    /// up the domains' claims. I11.
    public static long claimed(Host host) {
        return host.allocator().claimed();
    }
}
