// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.harness;

import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

import org.jspecify.annotations.Nullable;
import org.provisor.impl.mm.Host;
import org.provisor.refine.abstraction.DomainAbstraction;
import org.provisor.refine.abstraction.FrameAbstraction;
import org.provisor.refine.abstraction.MachineAbstraction;
import org.provisor.refine.abstraction.VcpuAbstraction;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.state.Contents;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.GlobalTable;
import org.provisor.spec.state.KernelEntry;
import org.provisor.spec.state.LocalTable;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.Table;
import org.provisor.spec.state.Teardown;
import org.provisor.spec.state.TypeUse;
import org.provisor.spec.state.Unfinished;
import org.provisor.spec.state.Vcpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Which part of a machine the two sides do not agree on. Each method compares one thing, field by
/// field through the abstraction, and says nothing (null) where they agree. For one thread.
public final class MachineDiff {

    private final Host host;
    private final BootNumbers numbers;

    /// The words of the frame that is looked at.
    private final long[] words = new long[Mirror.SLOTS];

    public MachineDiff(Host host, BootNumbers numbers) {
        this.host = host;
        this.numbers = numbers;
    }

    // Frames.

    /// All of a frame but the words of its contents.
    public @Nullable Difference frame(long mfn, Frame frame) {
        if (frame.owner().value() != FrameAbstraction.owner(host, mfn)) {
            Domid owner = new Domid(FrameAbstraction.owner(host, mfn));
            return wrong("frame: owner", mfn, frame.owner(), owner);
        }
        if (frame.refs() != FrameAbstraction.references(host, mfn)) {
            long references = FrameAbstraction.references(host, mfn);
            return wrong("frame: general references", mfn, frame.refs(), references);
        }
        if (frame.allocated() != FrameAbstraction.allocated(host, mfn)) {
            return wrong("frame: allocated", mfn, frame.allocated(), !frame.allocated());
        }
        if (frame.special() != FrameAbstraction.special(host, mfn)) {
            return wrong("frame: special", mfn, frame.special(), !frame.special());
        }
        if (frame.m2p() != FrameAbstraction.machineToPhysical(host, mfn)) {
            return Difference.ofWord(
                    "frame: machine-to-physical",
                    numbers.text(mfn),
                    frame.m2p(),
                    FrameAbstraction.machineToPhysical(host, mfn));
        }
        return use(mfn, frame);
    }

    private @Nullable Difference use(long mfn, Frame frame) {
        TypeUse use = frame.use();
        if (use.type() != FrameAbstraction.type(host, mfn)) {
            return wrong("frame: type", mfn, use.type(), FrameAbstraction.type(host, mfn));
        }
        if (use.count() != FrameAbstraction.typeReferences(host, mfn)) {
            long references = FrameAbstraction.typeReferences(host, mfn);
            return wrong("frame: type references", mfn, use.count(), references);
        }
        if (use.validity() != FrameAbstraction.validity(host, mfn)) {
            return wrong(
                    "frame: validity", mfn, use.validity(), FrameAbstraction.validity(host, mfn));
        }
        if (use.pinned() != FrameAbstraction.pinned(host, mfn)) {
            return wrong("frame: pinned", mfn, use.pinned(), !use.pinned());
        }
        if (!FrameAbstraction.atRest(host, mfn)) {
            return new Difference(
                    "frame: at rest",
                    numbers.text(mfn)
                            + ": locked, or bits without a meaning are set: count word 0x"
                            + Long.toHexString(host.frames().count(mfn))
                            + ", type word 0x"
                            + Long.toHexString(host.frames().type(mfn)));
        }
        return table(mfn, frame, use.table());
    }

    private @Nullable Difference table(long mfn, Frame frame, Table table) {
        if (table.contents().known() != FrameAbstraction.known(host, mfn)) {
            boolean known = table.contents().known();
            return wrong("frame: contents known", mfn, known, !known);
        }
        if (table.validated() != FrameAbstraction.validatedEntries(host, mfn)) {
            int entries = FrameAbstraction.validatedEntries(host, mfn);
            return wrong("frame: entries checked", mfn, table.validated(), entries);
        }
        if (table.partialEntry() != FrameAbstraction.partialEntry(host, mfn)) {
            boolean held = table.partialEntry();
            return wrong("frame: partial entry", mfn, held, !held);
        }
        if (table.linear() != FrameAbstraction.linear(host, mfn)) {
            int linear = FrameAbstraction.linear(host, mfn);
            return wrong("frame: linear entries", mfn, table.linear(), linear);
        }
        boolean shown = FrameAbstraction.specifiedToShow(host, frame);
        return shown == FrameAbstraction.showsMachineToPhysical(host, mfn)
                ? null
                : wrong("frame: shows machine-to-physical", mfn, shown, !shown);
    }

    /// The words of a frame whose contents are known.
    public @Nullable Difference contents(long mfn, Frame frame) {
        if (!frame.table().contents().known()) {
            return null;
        }
        Difference shown = entry(mfn, frame, XenSlots.FIRST);
        if (shown != null) {
            return shown;
        }
        Contents contents = frame.table().contents();
        MemorySegment.copy(
                host.memory().segment(), ValueLayout.JAVA_LONG, mfn << 12, words, 0, Mirror.SLOTS);
        words[XenSlots.FIRST] = contents.word(XenSlots.FIRST);
        int slot = contents.mismatch(words);
        return slot < 0 ? null : entry(mfn, frame, slot);
    }

    /// A word of a frame whose contents are known.
    public @Nullable Difference entry(long mfn, Frame frame, int slot) {
        long specified = FrameAbstraction.specified(host, frame, slot);
        long implemented = FrameAbstraction.entry(host, mfn, slot);
        return specified == implemented
                ? null
                : word("frame: entry", mfn, slot, specified, implemented);
    }

    /// A word of a frame, whatever it is used for.
    @Nullable Difference word(long mfn, int slot, long specified) {
        long implemented = host.memory().word((mfn << 12) + ((long) slot << 3));
        return specified == implemented
                ? null
                : word("memory: word", mfn, slot, specified, implemented);
    }

    private Difference word(String part, long mfn, int slot, long specified, long implemented) {
        return Difference.ofWord(part, numbers.text(mfn) + " slot " + slot, specified, implemented);
    }

    private Difference wrong(String part, long mfn, Object specified, Object implemented) {
        return Difference.of(part, numbers.text(mfn), specified, implemented);
    }

    // Domains.

    /// What changes of a domain and its vCPUs, but for tables of descriptors, how kernels are
    /// entered, the memory map and the teardown's progress.
    ///
    /// @param domain null if it is gone
    public @Nullable Difference domain(int id, @Nullable Domain domain) {
        org.provisor.impl.mm.Domain other = host.domain(id);
        if (domain == null || other == null) {
            return (domain == null) == (other == null)
                    ? null
                    : of("domain: there", id, domain != null, other != null);
        }
        if (domain.totPages() != DomainAbstraction.totPages(other)) {
            return of("domain: frames", id, domain.totPages(), DomainAbstraction.totPages(other));
        }
        if (domain.claim() != DomainAbstraction.claim(other)) {
            return of("domain: claim", id, domain.claim(), DomainAbstraction.claim(other));
        }
        if (domain.life() != DomainAbstraction.life(other)) {
            return of("domain: life", id, domain.life(), DomainAbstraction.life(other));
        }
        if (domain.assists() != DomainAbstraction.assists(other)) {
            return of("domain: assists", id, domain.assists(), DomainAbstraction.assists(other));
        }
        if (domain.teardown().stage() != DomainAbstraction.stage(other)) {
            return of(
                    "domain: teardown stage",
                    id,
                    domain.teardown().stage(),
                    DomainAbstraction.stage(other));
        }
        for (int number = 0; number < domain.vcpus().size(); number++) {
            Difference wrong = vcpu(id, number, domain.vcpus().get(number), other.vcpu(number));
            if (wrong != null) {
                return wrong;
            }
        }
        return null;
    }

    /// The rest of a domain and its vCPUs, but for what never changes.
    ///
    /// @param domain null if it is gone
    public @Nullable Difference domainTables(int id, @Nullable Domain domain) {
        return domainTables(id, null, domain);
    }

    /// As much of that as a step changed: what is the same record as before is not looked at.
    ///
    /// @param before null if all is to be looked at
    @Nullable Difference domainTables(int id, @Nullable Domain before, @Nullable Domain domain) {
        org.provisor.impl.mm.Domain other = host.domain(id);
        if (domain == null || other == null) {
            return null;
        }
        if (domain.memoryMap().size() != other.memoryMapRanges()
                || !domain.memoryMap().equals(DomainAbstraction.memoryMap(other))) {
            return of(
                    "domain: memory map",
                    id,
                    domain.memoryMap(),
                    DomainAbstraction.memoryMap(other));
        }
        Difference teardown = teardown(id, domain.teardown(), other);
        if (teardown != null) {
            return teardown;
        }
        for (int number = 0; number < domain.vcpus().size(); number++) {
            Vcpu then = before == null ? null : before.vcpus().get(number);
            Vcpu vcpu = domain.vcpus().get(number);
            Difference wrong = vcpuTables(id, number, then, vcpu, other.vcpu(number));
            if (wrong != null) {
                return wrong;
            }
        }
        return null;
    }

    private static @Nullable Difference vcpuTables(
            int id, int number, @Nullable Vcpu before, Vcpu vcpu, org.provisor.impl.mm.Vcpu other) {
        Difference wrong = null;
        if (before == null || !same(before.ldt(), vcpu.ldt())) {
            wrong = ldt(id, number, vcpu.ldt(), other);
        }
        if (wrong == null && (before == null || !same(before.gdt(), vcpu.gdt()))) {
            wrong = gdt(id, number, vcpu.gdt(), other);
        }
        if (wrong == null && (before == null || !same(before.entry(), vcpu.entry()))) {
            wrong = entry(id, number, vcpu.entry(), other);
        }
        return wrong;
    }

    @SuppressWarnings("ReferenceEquality")
    private static boolean same(Object before, Object after) {
        return before == after;
    }

    private @Nullable Difference teardown(
            int id, Teardown teardown, org.provisor.impl.mm.Domain other) {
        Teardown.Stage stage = DomainAbstraction.stage(other);
        if (stage == Teardown.Stage.VCPUS || stage == Teardown.Stage.DONE) {
            return null;
        }
        for (long mfn = 0; mfn < host.frames().size(); mfn++) {
            if (DomainAbstraction.ofStage(host, other, mfn)) {
                boolean visited = mfn < other.teardownNext();
                if (teardown.visited().contains(new Mfn(mfn)) != visited) {
                    String where = "d" + id + ", " + numbers.text(mfn);
                    return Difference.of("domain: teardown visited", where, !visited, visited);
                }
            }
        }
        return null;
    }

    /// What a domain is created with.
    @Nullable Difference domainSetup(int id, Domain domain) {
        org.provisor.impl.mm.Domain other = host.domain(id);
        if (other == null) {
            return null;
        }
        if (!domain.target().equals(DomainAbstraction.target(other))) {
            return of("domain: target", id, domain.target(), DomainAbstraction.target(other));
        }
        if (domain.maxPages() != DomainAbstraction.maxPages(other)) {
            return of("domain: limit", id, domain.maxPages(), DomainAbstraction.maxPages(other));
        }
        if (domain.control() != other.control() || domain.hardware() != other.hardware()) {
            return of("domain: privilege", id, domain.control(), other.control());
        }
        return domain.io().equals(DomainAbstraction.rights(other))
                ? null
                : of("domain: devices", id, domain.io(), DomainAbstraction.rights(other));
    }

    private static Difference of(String part, int id, Object specified, Object implemented) {
        return Difference.of(part, "d" + id, specified, implemented);
    }

    // Virtual CPUs.

    private static @Nullable Difference vcpu(
            int id, int number, Vcpu vcpu, org.provisor.impl.mm.Vcpu other) {
        if (differ(vcpu.root(), other.root())) {
            return of("vcpu: root", id, number, vcpu.root(), VcpuAbstraction.frame(other.root()));
        }
        if (differ(vcpu.userRoot(), other.userRoot())) {
            return of(
                    "vcpu: user root",
                    id,
                    number,
                    vcpu.userRoot(),
                    VcpuAbstraction.frame(other.userRoot()));
        }
        if (vcpu.ldt().base() != other.ldtBase() || vcpu.ldt().entries() != other.ldtEntries()) {
            return of("vcpu: local table", id, number, vcpu.ldt(), VcpuAbstraction.ldt(other));
        }
        if (vcpu.life() != VcpuAbstraction.life(other)) {
            return of("vcpu: life", id, number, vcpu.life(), VcpuAbstraction.life(other));
        }
        if (vcpu.gdt().entries() != other.gdtEntries()) {
            return of("vcpu: global table", id, number, vcpu.gdt(), VcpuAbstraction.gdt(other));
        }
        return unfinished(id, number, vcpu.unfinished(), other);
    }

    private static @Nullable Difference unfinished(
            int id, int number, Option<Unfinished> left, org.provisor.impl.mm.Vcpu other) {
        boolean none = other.oldTable() == org.provisor.impl.mm.Vcpu.NONE;
        if ((none && left.isEmpty()) || (!none && left.equals(VcpuAbstraction.unfinished(other)))) {
            return null;
        }
        return of("vcpu: unfinished table", id, number, left, VcpuAbstraction.unfinished(other));
    }

    private static @Nullable Difference ldt(
            int id, int number, LocalTable table, org.provisor.impl.mm.Vcpu other) {
        Map<Integer, Mfn> mapped = VcpuAbstraction.ldt(other).mapped();
        return table.mapped().equals(mapped)
                ? null
                : of("vcpu: local table", id, number, table.mapped(), mapped);
    }

    private static @Nullable Difference gdt(
            int id, int number, GlobalTable table, org.provisor.impl.mm.Vcpu other) {
        Vector<Mfn> frames = VcpuAbstraction.gdt(other).frames();
        return table.frames().equals(frames)
                ? null
                : of("vcpu: global table", id, number, table.frames(), frames);
    }

    private static @Nullable Difference entry(
            int id, int number, KernelEntry entry, org.provisor.impl.mm.Vcpu other) {
        if (VcpuAbstraction.same(entry, other.entry())) {
            return null;
        }
        KernelEntry implemented = VcpuAbstraction.entry(other.entry());
        return entry.handlers().equals(implemented.handlers())
                ? of(
                        "vcpu: kernel entry",
                        id,
                        number,
                        entry.withHandlers(HashMap.empty()),
                        implemented.withHandlers(HashMap.empty()))
                : of("vcpu: handlers", id, number, entry.handlers(), implemented.handlers());
    }

    private static boolean differ(Option<Mfn> specified, long implemented) {
        return specified.isEmpty()
                ? implemented != org.provisor.impl.mm.Vcpu.NONE
                : specified.get().value() != implemented;
    }

    private static Difference of(
            String part, int id, int number, Object specified, Object implemented) {
        return Difference.of(part, "d" + id + "v" + number, specified, implemented);
    }

    // The machine as a whole.

    /// What all of a machine adds up to.
    public @Nullable Difference totals(Machine machine) {
        long free = 0;
        for (Frame frame : machine.frames()) {
            free += frame.free() ? 1 : 0;
        }
        if (free != MachineAbstraction.freeFrames(host)) {
            return Difference.of(
                    "machine: free frames", "machine", free, MachineAbstraction.freeFrames(host));
        }
        long claimed = 0;
        for (Domain domain : machine.domains()) {
            claimed += domain.claim();
        }
        if (claimed != MachineAbstraction.claimed(host)) {
            return Difference.of(
                    "machine: claimed frames",
                    "machine",
                    claimed,
                    MachineAbstraction.claimed(host));
        }
        return machine.profile().equals(MachineAbstraction.profile(host))
                ? null
                : Difference.of(
                        "machine: profile",
                        "machine",
                        machine.profile(),
                        MachineAbstraction.profile(host));
    }
}
