// SPDX-License-Identifier: Apache-2.0
package org.provisor.model.bridge;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.state.VcpuId;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a machine calls what a model calls otherwise.
///
/// Frame 0 is a device's. Then come the frames of the model, in the order given here, then, for
/// models in which the control domain maps the guest's memory, a level 1 table of the control
/// domain for each of them, whose first entry is that mapping.
///
/// @param frames the model's frames, in the order of their numbers in the machine
/// @param tables whether there are tables of the control domain
record Names(List<String> frames, boolean tables) {

    static final Domid CONTROL = new Domid(0);
    static final Domid GUEST = new Domid(1);

    /// As many frames as there are, in an order in which `first` come first, one after the other.
    static Names of(List<String> frames, List<String> first, boolean tables) {
        List<String> order = new ArrayList<>(first);
        for (String frame : frames) {
            if (!first.contains(frame)) {
                order.add(frame);
            }
        }
        return new Names(List.copyOf(order), tables);
    }

    /// How many frames the machine has.
    int size() {
        return 1 + frames.size() * (tables ? 2 : 1);
    }

    /// The frame of a name.
    Mfn mfn(String frame) {
        int at = frames.indexOf(frame);
        if (at < 0) {
            throw new IllegalArgumentException("no frame " + frame);
        }
        return new Mfn(at + 1L);
    }

    /// The table whose first entry is the control domain's mapping of a frame.
    Mfn table(String frame) {
        return new Mfn(mfn(frame).value() + frames.size());
    }

    /// The name of a frame, none if the model does not have it.
    Optional<String> name(Mfn mfn) {
        return mfn.value() >= 1 && mfn.value() <= frames.size()
                ? Optional.of(frames.get((int) mfn.value() - 1))
                : Optional.empty();
    }

    static Domid domain(String name) {
        return switch (name) {
            case "Control" -> CONTROL;
            case "Guest" -> GUEST;
            default -> throw new IllegalArgumentException("no domain " + name);
        };
    }

    /// A vCPU of the guest by its name, or the first of a domain.
    static VcpuId vcpu(String name) {
        return switch (name) {
            case "V0" -> new VcpuId(GUEST, 0);
            case "V1" -> new VcpuId(GUEST, 1);
            default -> new VcpuId(domain(name), 0);
        };
    }

    static int slot(String name) {
        return switch (name) {
            case "S0", "First" -> 0;
            case "S1", "Last" -> 1;
            default -> throw new IllegalArgumentException("no slot " + name);
        };
    }

    /// The frames that are in `some`, in the order of their numbers.
    List<String> sorted(Set<String> some) {
        List<String> sorted = new ArrayList<>(frames);
        sorted.retainAll(new HashSet<>(some));
        return Collections.unmodifiableList(sorted);
    }
}
