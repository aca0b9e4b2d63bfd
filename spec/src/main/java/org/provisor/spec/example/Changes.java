// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import io.vavr.collection.Vector;
import io.vavr.control.Option;

import org.provisor.spec.abi.CallbackType;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.state.Callback;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.KernelEntry;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.SegmentBases;
import org.provisor.spec.state.TrapHandler;
import org.provisor.spec.state.TypeUse;
import org.provisor.spec.state.Vcpu;

/// What is different between two machines, in words: one line for each part that changed, frames
/// first, in the order of their numbers.
public final class Changes {

    private static final int VECTORS = 256;

    private Changes() {}

    /// The lines; none if the machines are equal.
    public static Vector<String> between(Machine before, Machine after) {
        Vector<String> lines = Vector.empty();
        int frames = Math.min(before.frames().size(), after.frames().size());
        for (int number = 0; number < frames; number++) {
            Mfn mfn = new Mfn(number);
            lines = frame(lines, mfn.toString(), before.frame(mfn), after.frame(mfn));
        }
        for (Domid id : sorted(before)) {
            lines =
                    after.has(id)
                            ? domain(lines, id.toString(), before.domain(id), after.domain(id))
                            : lines.append(id + " is gone");
        }
        return lines;
    }

    private static Vector<Domid> sorted(Machine machine) {
        return Vector.ofAll(machine.domains()).map(Domain::id);
    }

    private static Vector<String> frame(
            Vector<String> lines, String name, Frame before, Frame after) {
        if (before.equals(after)) {
            return lines;
        }
        Vector<String> all = lines;
        all = part(all, name + " owner", before.owner(), after.owner());
        all = part(all, name + " refs", before.refs(), after.refs());
        all = part(all, name + " allocated", before.allocated(), after.allocated());
        all = part(all, name + " special", before.special(), after.special());
        all = part(all, name + " type", use(before.use()), use(after.use()));
        all = part(all, name + " linear", before.table().linear(), after.table().linear());
        all = part(all, name + " shows m2p", before.table().roM2p(), after.table().roM2p());
        all = contents(all, name, before, after);
        all =
                part(
                        all,
                        name + " m2p",
                        Long.toHexString(before.m2p()),
                        Long.toHexString(after.m2p()));
        return part(all, name + " stale", before.stale(), after.stale());
    }

    private static String use(TypeUse use) {
        String progress =
                use.partial()
                        ? " up to "
                                + use.table().validated()
                                + (use.table().partialEntry() ? " held" : "")
                        : "";
        return use.type()
                + (use.xenL2() ? " with Xen's" : "")
                + " x"
                + use.count()
                + " "
                + switch (use.validity()) {
                    case UNCHECKED -> "unchecked";
                    case PARTIAL -> "partial";
                    case VALIDATED -> "valid";
                }
                + progress
                + (use.pinned() ? " pinned" : "");
    }

    private static Vector<String> contents(
            Vector<String> lines, String name, Frame before, Frame after) {
        boolean known = before.table().contents().known();
        boolean knownNow = after.table().contents().known();
        if (!knownNow) {
            return lines;
        }
        Vector<String> all = lines;
        for (int slot = 0; slot < after.table().contents().slots(); slot++) {
            Object was = known ? before.table().contents().entry(slot) : "-";
            Object is = after.table().contents().entry(slot);
            all = part(all, name + "[" + slot + "]", was, is);
        }
        return all;
    }

    private static Vector<String> domain(
            Vector<String> lines, String name, Domain before, Domain after) {
        if (before.equals(after)) {
            return lines;
        }
        Vector<String> all = lines;
        all = part(all, name + " frames", before.totPages(), after.totPages());
        all = part(all, name + " claim", before.claim(), after.claim());
        all = part(all, name + " life", before.life(), after.life());
        all = part(all, name + " teardown", before.teardown().stage(), after.teardown().stage());
        all =
                part(
                        all,
                        name + " assists",
                        Long.toHexString(before.assists()),
                        Long.toHexString(after.assists()));
        all = part(all, name + " memory map", before.memoryMap(), after.memoryMap());
        for (int number = 0; number < before.vcpus().size(); number++) {
            all =
                    vcpu(
                            all,
                            name + "v" + number,
                            before.vcpus().get(number),
                            after.vcpus().get(number));
        }
        return all;
    }

    private static Vector<String> vcpu(Vector<String> lines, String name, Vcpu before, Vcpu after) {
        Vector<String> all = lines;
        all = part(all, name + " root", before.root(), after.root());
        all = part(all, name + " user root", before.userRoot(), after.userRoot());
        all = part(all, name + " ldt", before.ldt(), after.ldt());
        all = part(all, name + " gdt", before.gdt(), after.gdt());
        all = part(all, name + " unfinished", before.unfinished(), after.unfinished());
        all = part(all, name + " life", before.life(), after.life());
        return entry(all, name, before.entry(), after.entry());
    }

    private static Vector<String> entry(
            Vector<String> lines, String name, KernelEntry before, KernelEntry after) {
        if (before.equals(after)) {
            return lines;
        }
        Vector<String> all = lines;
        for (int vector = 0; vector < VECTORS; vector++) {
            all =
                    part(
                            all,
                            name + " vector " + vector,
                            handler(before, vector),
                            handler(after, vector));
        }
        all = part(all, name + " kernel stack", stack(before), stack(after));
        for (CallbackType type : CallbackType.values()) {
            all = part(all, name + " " + type, callback(before, type), callback(after, type));
        }
        all = part(all, name + " task switched", before.taskSwitched(), after.taskSwitched());
        all = part(all, name + " bases", bases(before), bases(after));
        all = part(all, name + " iopl", before.iopl(), after.iopl());
        return part(all, name + " user mode", before.userMode(), after.userMode());
    }

    private static String handler(KernelEntry entry, int vector) {
        Option<TrapHandler> handler = entry.handlers().get(vector);
        return handler.map(h -> hex(h.selector()) + ":" + hex(h.address()) + " flags " + h.flags())
                .getOrElse("none");
    }

    private static String stack(KernelEntry entry) {
        return hex(entry.stackSegment()) + ":" + hex(entry.stack());
    }

    private static String callback(KernelEntry entry, CallbackType type) {
        Callback callback = entry.callback(type);
        return hex(callback.address()) + (callback.masksEvents() ? " masks events" : "");
    }

    private static String bases(KernelEntry entry) {
        SegmentBases bases = entry.bases();
        return "fs "
                + hex(bases.fs())
                + " gs "
                + hex(bases.gsKernel())
                + " user gs "
                + hex(bases.gsUser());
    }

    private static String hex(long value) {
        return Long.toHexString(value);
    }

    private static Vector<String> part(
            Vector<String> lines, String name, Object before, Object after) {
        String was = before.toString().toLowerCase(java.util.Locale.ROOT);
        String is = after.toString().toLowerCase(java.util.Locale.ROOT);
        return was.equals(is) ? lines : lines.append(name + ": " + was + " -> " + is);
    }
}
