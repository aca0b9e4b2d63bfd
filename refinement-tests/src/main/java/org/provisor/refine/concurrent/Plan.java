// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.concurrent;

import io.vavr.control.Option;

import org.provisor.refine.gen.Chance;
import org.provisor.refine.program.CallMemory;
import org.provisor.spec.abi.Bitness;
import org.provisor.spec.abi.CallingConvention;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.Registers;
import org.provisor.spec.mm.WritablePageTables.GuestWrite;
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

    static final long SELF = 0x7FF0;

    /// Slots of tables that are used.
    static final int SLOTS = 3;

    /// Where the frame stands that `memory_op` is handed.
    static final int GIVEN = 16;

    static final int NEW_BASEPTR = 5;
    static final int SET_LDT = 13;
    static final int NEW_USER_BASEPTR = 15;
    static final int CLEAR_PAGE = 16;
    static final int COPY_PAGE = 17;

    private static final int MMU_UPDATE = 1;
    private static final int SET_GDT = 2;
    private static final int UPDATE_DESCRIPTOR = 10;
    private static final int MEMORY_OP = 12;
    private static final int UPDATE_VA_MAPPING = 14;
    private static final int VM_ASSIST = 21;
    private static final int MMUEXT_OP = 26;

    private static final int UNPIN = 4;
    private static final int WRITABLE_PAGE_TABLES = 2;

    private static final int INCREASE = 0;
    private static final int DECREASE = 1;
    private static final int POPULATE = 6;
    private static final int EXCHANGE = 11;

    /// Flags of entries: mostly those of a mapping, some that no entry may have.
    private static final long[] FLAGS = {
        0x67, 0x67, 0x63, 0x27, 0x65, 0x25, 0x61, 0, 0, 0xE7, 0x6F
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
        if (destroys && chance.oneIn(3)) {
            return destroy(by);
        }
        return switch (chance.below(foreign ? 24 : 32)) {
            case 0, 1, 2, 3, 4, 5, 6, 7 -> update(by, foreign);
            case 8, 9, 10 -> pins ? pin(by, foreign) : unpin(by, foreign);
            case 11, 12, 13 -> unpin(by, foreign);
            case 14, 15 -> mmuext(by, CLEAR_PAGE, frame(), 0, foreign);
            case 16 -> mmuext(by, COPY_PAGE, frame(), frame(), foreign);
            case 17, 18, 19 -> reservation(by, DECREASE, foreign);
            case 20 -> reservation(by, chance.oneIn(2) ? INCREASE : POPULATE, foreign);
            case 21, 22 -> destroys ? reservation(by, DECREASE, foreign) : exchange(by, foreign);
            case 23 -> update(by, foreign);
            case 24, 25 -> mmuext(by, NEW_BASEPTR, frame(), 0, false);
            case 26 -> mmuext(by, NEW_USER_BASEPTR, chance.oneIn(3) ? 0 : frame(), 0, false);
            case 27, 28 -> updateVaMapping(by);
            case 29 -> descriptors(by);
            case 30 -> localTable(by);
            default -> writeReadOnly(by);
        };
    }

    private PageType type(long mfn) {
        return machine.frames().get((int) mfn).use().type();
    }

    private long frame() {
        return hot.isEmpty() || chance.oneIn(20)
                ? chance.below(machine.frames().size())
                : chance.of(hot);
    }

    private long entry() {
        return (frame() << 12) | chance.of(FLAGS);
    }

    // Calls.

    private Element call(VcpuId by, long number, long a, long b, long c, long d, long... handed) {
        Registers registers = new Registers(Bitness.BITS_64, number, a, b, c, d, 0, 0);
        long[] words = new long[Handed.WORDS];
        System.arraycopy(handed, 0, words, 0, handed.length);
        Event event = new Event.Call(CallingConvention.decode(registers));
        return new Element(by, event, registers, words, Integer.MAX_VALUE);
    }

    private Element update(VcpuId by, boolean foreign) {
        long table = frame();
        for (int tries = 0; tries < 3 && !type(table).isPageTable(); tries++) {
            table = frame();
        }
        int command = chance.percent(85) ? 0 : chance.of(2, 2, 1, 3);
        long pointer = (table << 12) | (chance.below(SLOTS) << 3) | command;
        long whose = foreign ? ((owner + 1L) << 16) | owner : SELF;
        return call(by, MMU_UPDATE, CallMemory.START, 1, 0, whose, pointer, entry());
    }

    private Element mmuext(VcpuId by, int command, long first, long second, boolean foreign) {
        long whose = foreign ? owner : SELF;
        return call(by, MMUEXT_OP, CallMemory.START, 1, 0, whose, command, first, second);
    }

    private Element pin(VcpuId by, boolean foreign) {
        long mfn = frame();
        PageType type = type(mfn);
        int level =
                type.isPageTable() && chance.percent(80)
                        ? type.level()
                        : chance.of(1, 1, 1, 2, 2, 3, 4);
        return mmuext(by, level - 1, mfn, 0, foreign);
    }

    private Element unpin(VcpuId by, boolean foreign) {
        return mmuext(by, UNPIN, frame(), 0, foreign);
    }

    private Element reservation(VcpuId by, int command, boolean foreign) {
        long[] words = new long[GIVEN + 1];
        words[0] = CallMemory.START + 8 * GIVEN;
        words[1] = 1;
        words[3] = foreign ? owner : SELF;
        words[GIVEN] = command == DECREASE ? frame() : 0x100L + chance.below(8);
        return call(by, MEMORY_OP, command, CallMemory.START, 0, 0, words);
    }

    private Element exchange(VcpuId by, boolean foreign) {
        long[] words = new long[GIVEN + 2];
        words[0] = CallMemory.START + 8 * GIVEN;
        words[1] = 1;
        words[3] = foreign ? owner : SELF;
        words[4] = words[0] + 8;
        words[5] = 1;
        words[7] = words[3];
        words[GIVEN] = frame();
        words[GIVEN + 1] = 0x200L + chance.below(8);
        return call(by, MEMORY_OP, EXCHANGE, CallMemory.START, 0, 0, words);
    }

    private long linear() {
        return ((long) chance.below(2) << 39)
                | ((long) chance.below(2) << 30)
                | ((long) chance.below(2) << 21)
                | ((long) chance.below(3) << 12);
    }

    private Element updateVaMapping(VcpuId by) {
        return call(by, UPDATE_VA_MAPPING, linear(), entry(), chance.of(0, 0, 1, 2), 0);
    }

    private Element descriptors(VcpuId by) {
        if (chance.oneIn(2)) {
            int entries = chance.oneIn(4) ? 0 : 1 + chance.below(512);
            return call(by, SET_GDT, CallMemory.START, entries, 0, 0, frame());
        }
        long descriptor = chance.oneIn(3) ? 0 : 0x00CF_F200_0000_FFFFL;
        long at = (frame() << 12) | (chance.below(SLOTS) << 3);
        return call(by, UPDATE_DESCRIPTOR, at, descriptor, 0, 0);
    }

    private Element localTable(VcpuId by) {
        LocalTable table = machine.vcpu(by).ldt();
        if (table.entries() == 0 || chance.oneIn(4)) {
            long entries = chance.oneIn(4) ? 0 : 512;
            return mmuext(by, SET_LDT, linear(), entries, false);
        }
        if (table.mapped().containsKey(0)) {
            return call(by, VM_ASSIST, chance.below(2), WRITABLE_PAGE_TABLES, 0, 0);
        }
        return other(by, new Event.LoadDescriptor(8 * chance.below(3)), Integer.MAX_VALUE);
    }

    private Element writeReadOnly(VcpuId by) {
        GuestAddress at = new GuestAddress(linear() + 8L * chance.below(3));
        Option<Long> expected =
                chance.oneIn(3) ? Option.some(chance.oneIn(2) ? 0L : entry()) : Option.none();
        GuestWrite write = new GuestWrite(at, at, 8, entry(), expected);
        return other(by, new Event.WriteReadOnly(write), Integer.MAX_VALUE);
    }

    /// Part of the teardown of the frames' owner: it is preempted at its first check.
    Element destroy(VcpuId by) {
        return other(by, new Event.Destroy(new Domid(owner)), 0);
    }

    private Element other(VcpuId by, Event event, int patience) {
        return new Element(by, event, null, new long[Handed.WORDS], patience);
    }
}
