// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.concurrent;

import io.vavr.control.Option;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.gen.Chance;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.abi.VmAssistType;
import org.provisor.spec.mm.WritablePageTables.GuestWrite;
import org.provisor.spec.state.Contents;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.LocalTable;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.PageType;
import org.provisor.spec.state.VcpuId;
import org.provisor.spec.transition.Event;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;

/// Decides what a vCPU does in a round. Both vCPUs choose from the same few frames, so that they
/// get in each other's way.
final class Plan {

    /// Slots of tables that are used.
    static final int SLOTS = 3;

    private static final long PRESENT = 1;
    private static final long WRITABLE = 2;
    private static final long ADDRESS = 0x000F_FFFF_FFFF_F000L;

    /// Flags of entries: mostly those of a mapping, some that no entry may have.
    private static final long[] FLAGS = {
        0x67, 0x67, 0x63, 0x27, 0x65, 0x25, 0x61, 0x07, 0x05, 0, 0, 0xE7, 0x6F
    };

    private final Chance chance;
    private final Machine machine;
    private final int owner;
    private final boolean destroys;

    /// A pin of a dying domain's table is taken back by the same call, and in between by whoever
    /// looks: which no order of whole calls shows.
    private final boolean pins;

    /// The frames that are fought for.
    private final List<Long> hot = new ArrayList<>();

    /// @param owner whose frames they are
    /// @param dying whether the owner is being torn down, and frame by frame by now
    /// @param alone whether one vCPU does it alone
    Plan(Chance chance, Machine machine, int owner, boolean dying, boolean alone) {
        this.chance = chance;
        this.machine = machine;
        this.owner = owner;
        destroys = dying && chance.oneIn(2);
        pins = alone || !dying;
        List<Long> all = new ArrayList<>();
        for (int mfn = 0; mfn < machine.frames().size(); mfn++) {
            if (machine.frames().get(mfn).owner().value() == owner) {
                all.add((long) mfn);
            }
        }
        int wanted = chance.between(2, 5);
        for (int tries = 0; hot.size() < wanted && tries < 20 && !all.isEmpty(); tries++) {
            long mfn = chance.of(all);
            boolean table = type(mfn).isPageTable() || tries > 6;
            if (!hot.contains(mfn) && (table || chance.oneIn(2))) {
                hot.add(mfn);
            }
        }
    }

    /// Writes a word.
    @FunctionalInterface
    interface Writing {
        void write(long mfn, int slot, long value);
    }

    /// Entries that guests write into frames of their own before a round: what the frames need to
    /// be checked as tables. They lead to those that are fought for.
    ///
    /// @param known whether a frame's words are not the guest's to write
    void fill(int count, LongPredicate known, Writing to) {
        for (int i = 0; i < count && !hot.isEmpty(); i++) {
            long mfn = chance.of(hot);
            long entry = chance.oneIn(4) ? 0 : entry();
            int slot = chance.below(SLOTS);
            if (!known.test(mfn)) {
                to.write(mfn, slot, entry);
            }
        }
    }

    /// What a vCPU does: 1 to 4 elements.
    List<Element> elements(VcpuId by) {
        int count = chance.between(1, 4);
        List<Element> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(element(by));
        }
        return all;
    }

    private Element element(VcpuId by) {
        boolean foreign = by.domain().value() != owner;
        Calls calls = new Calls(by, owner);
        if (destroys && chance.oneIn(3)) {
            return destroy(by);
        }
        if (chance.oneIn(12)) {
            return mark(by);
        }
        return switch (chance.below(foreign ? 24 : 32)) {
            case 0, 1, 2, 3, 4, 5, 6, 7 -> update(calls);
            case 8, 9, 10 -> pins ? pin(calls) : calls.unpin(frame());
            case 11, 12, 13 -> calls.unpin(frame());
            case 14, 15 -> calls.mmuext(Calls.CLEAR_PAGE, frame(), 0);
            case 16 -> calls.mmuext(Calls.COPY_PAGE, frame(), frame());
            case 17, 18, 19 -> calls.decrease(frame());
            case 20 -> more(calls);
            case 21, 22 -> destroys ? calls.decrease(frame()) : exchange(calls);
            case 23 -> update(calls);
            case 24, 25 -> calls.mmuext(Calls.NEW_BASEPTR, frame(), 0);
            case 26 -> calls.mmuext(Calls.NEW_USER_BASEPTR, chance.oneIn(3) ? 0 : frame(), 0);
            case 27, 28 -> calls.updateVaMapping(linear(), entry(), chance.of(0, 0, 1, 2));
            case 29 -> descriptors(calls);
            case 30 -> localTable(calls);
            default -> writeReadOnly(calls);
        };
    }

    /// Part of the teardown of the frames' owner.
    Element destroy(VcpuId by) {
        return new Calls(by, owner).destroy();
    }

    private PageType type(long mfn) {
        return machine.frames().get((int) mfn).use().type();
    }

    private long frame() {
        return hot.isEmpty() || chance.oneIn(20)
                ? chance.below(machine.frames().size())
                : chance.of(hot);
    }

    /// A table, if there is one.
    private long table() {
        long mfn = frame();
        for (int tries = 0; tries < 3 && !type(mfn).isPageTable(); tries++) {
            mfn = frame();
        }
        return mfn;
    }

    private long entry() {
        return (frame() << 12) | chance.of(FLAGS);
    }

    // Calls.

    private Element update(Calls calls) {
        long table = table();
        int command = chance.percent(85) ? 0 : chance.of(2, 2, 1, 3);
        long pointer = (table << 12) | (chance.below(SLOTS) << 3) | command;
        return calls.update(pointer, entry());
    }

    /// The processor of a vCPU marks an entry of a table.
    private Element mark(VcpuId by) {
        long bits = Mark.ACCESSED | (chance.oneIn(3) ? Mark.DIRTY : 0);
        return new Element(by, new Mark(table(), chance.below(SLOTS), bits));
    }

    private Element pin(Calls calls) {
        long mfn = frame();
        PageType type = type(mfn);
        int level =
                type.isPageTable() && chance.percent(80)
                        ? type.level()
                        : chance.of(1, 1, 1, 2, 2, 3, 4);
        return calls.pin(level, mfn);
    }

    private Element more(Calls calls) {
        int command = chance.oneIn(2) ? Calls.INCREASE : Calls.POPULATE;
        return calls.reservation(command, 0x100L + chance.below(8));
    }

    private Element exchange(Calls calls) {
        long mfn = frame();
        return calls.exchange(mfn, 0x200L + chance.below(8));
    }

    private long linear() {
        return ((long) chance.below(2) << 39)
                | ((long) chance.below(2) << 30)
                | ((long) chance.below(2) << 21)
                | ((long) chance.below(3) << 12);
    }

    private Element descriptors(Calls calls) {
        if (chance.oneIn(2)) {
            int entries = chance.oneIn(4) ? 0 : 1 + chance.below(512);
            return calls.setGdt(entries, frame());
        }
        long descriptor = chance.oneIn(3) ? 0 : 0x00CF_F200_0000_FFFFL;
        long at = (frame() << 12) | (chance.below(SLOTS) << 3);
        return calls.updateDescriptor(at, descriptor);
    }

    private Element localTable(Calls calls) {
        LocalTable table = machine.vcpu(calls.by()).ldt();
        if (table.entries() == 0 || chance.oneIn(4)) {
            long entries = chance.oneIn(4) ? 0 : 512;
            return calls.mmuext(Calls.SET_LDT, linear(), entries);
        }
        if (table.mapped().containsKey(0)) {
            return calls.assist(chance.below(2));
        }
        return calls.other(new Event.LoadDescriptor(8 * chance.below(3)), Integer.MAX_VALUE);
    }

    private Element writeReadOnly(Calls calls) {
        Domain domain = machine.domain(calls.by().domain());
        if (!domain.assists(VmAssistType.WRITABLE_PAGETABLES) && chance.oneIn(2)) {
            return calls.assist(0);
        }
        Mapped mapped = chance.oneIn(8) ? null : mapped(calls.by());
        int slot = chance.below(SLOTS);
        long page = mapped == null ? linear() : mapped.linear;
        long there = mapped == null ? 0 : word(mapped.mfn, slot);
        GuestAddress at = new GuestAddress(page + 8L * slot);
        Option<Long> expected =
                chance.oneIn(2) ? Option.some(chance.oneIn(4) ? entry() : there) : Option.none();
        GuestWrite write = new GuestWrite(at, at, 8, entry(), expected);
        return calls.other(new Event.WriteReadOnly(write), Integer.MAX_VALUE);
    }

    /// A level 1 table that a vCPU can read and not write, and where.
    private record Mapped(long linear, long mfn) {}

    /// One of those that there are, or null.
    private @Nullable Mapped mapped(VcpuId by) {
        Option<Mfn> root = machine.vcpu(by).root();
        List<Mapped> all = new ArrayList<>();
        if (root.isDefined()) {
            mapped(all, root.get().value(), 4, 0);
        }
        return all.isEmpty() ? null : chance.of(all);
    }

    private void mapped(List<Mapped> all, long table, int level, long linear) {
        for (int slot = 0; slot < SLOTS; slot++) {
            long entry = word(table, slot);
            long below = (entry & ADDRESS) >>> 12;
            long at = linear | (long) slot << (3 + 9 * level);
            if ((entry & PRESENT) == 0 || below >= machine.frames().size()) {
                continue;
            }
            if (level > 1) {
                mapped(all, below, level - 1, at);
            } else if ((entry & WRITABLE) == 0 && type(below) == PageType.L1) {
                all.add(new Mapped(at, below));
            }
        }
    }

    /// A word of a table, as the specification has it; 0 of any other frame.
    private long word(long mfn, int slot) {
        Contents contents = machine.frames().get((int) mfn).table().contents();
        return contents.known() ? contents.word(slot) : 0;
    }
}
