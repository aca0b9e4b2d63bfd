// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.xen;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.harness.CallPages;
import org.provisor.refine.program.CallMemory;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.abi.Registers;
import org.provisor.spec.state.Answer;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.Outcome;
import org.provisor.spec.state.PageType;
import org.provisor.spec.state.Store;
import org.provisor.spec.transition.Event;

import java.util.HashSet;
import java.util.Set;

/// What is not done to Xen although a program asks for it, by what the specification says would
/// come of it: what the probe would not survive, what depends on when Xen is preempted, and where
/// it is known that Xen does something else.
final class Objections {

    private static final int MMU_UPDATE = 1;
    private static final int MMUEXT_OP = 26;
    private static final int MEMORY_OP = 12;
    private static final int UPDATE_VA_MAPPING = 14;
    private static final int UPDATE_VA_MAPPING_OTHERDOMAIN = 22;
    private static final int MEMORY_MAP = 9;
    private static final int MFN_LIST = 5;
    private static final int INCREASE = 0;
    private static final int POPULATE = 6;
    private static final int EXCHANGE = 11;
    private static final int NEW_BASEPTR = 5;

    private static final int UPDATE_BYTES = 16;
    private static final int OPERATION_BYTES = 24;
    private static final int COUNT_BYTES = 4;
    private static final int STRUCTURE_BYTES = 24;
    private static final int RANGE_BYTES = 20;
    private static final int RESERVATION_BYTES = 32;
    private static final int EXCHANGE_BYTES = 2 * RESERVATION_BYTES + Long.BYTES;

    /// More extents than this are more than call memory has room for.
    private static final long MOST_EXTENTS = 1 << 20;

    private static final String ROOT_LOADED = "mm.root.kernel/d";
    private static final String UNFINISHED_CHECK = "mm.validate.table/d";

    private static final Set<String> HANDLERS_CHANGED =
            Set.of(
                    "pv.set-trap-table/a",
                    "pv.set-trap-table.entry/b",
                    "pv.callback.register/c",
                    "pv.callback.unregister/b");

    private static final Set<String> CALLBACKS_CHANGED =
            Set.of("pv.callback.register/d", "pv.callback.register/e");

    private final Sides sides;
    private final ProbeFrames probe;

    Objections(Sides sides, ProbeFrames probe) {
        this.sides = sides;
        this.probe = probe;
    }

    /// Why an outcome must not come to pass, or null.
    ///
    /// @param registers what the registers of a call say
    @Nullable String against(Event event, @Nullable Registers registers, Outcome outcome) {
        String known = known(registers, outcome);
        if (known != null) {
            return "documented: " + known;
        }
        if (registers != null && writesItsOwnList(registers)) {
            return "real machine: a list in which the call itself writes how far it came";
        }
        if (registers != null && cannotSayHowFar(registers)) {
            return "real machine: how far it came cannot be written, if it is preempted";
        }
        if (outcome.answer() instanceof Answer.PageFault && crosses(event)) {
            return "real machine: the processor may fault in the other page first";
        }
        if (sides.memory().looked().stream()
                .anyMatch(page -> sides.leavesMemory(sides.machine(), page))) {
            return "real machine: what is handed over is no memory";
        }
        if (leadsOnByXens(event)) {
            return "real machine: Xen's own entries of a root lead to what is handed over";
        }
        for (long page : sides.memory().looked()) {
            long mfn = sides.frame(page, false);
            if (mfn >= 0 && probe.has((int) mfn)) {
                return "the probe: its memory would be handed over";
            }
        }
        if (outcome.rows().contains(ROOT_LOADED) && elsewhere(outcome.machine())) {
            return "real machine: what is handed over is elsewhere under the root that is loaded";
        }
        if (outcome.stores().exists(this::copiesWhatIsWalkedBy)) {
            return "real machine: an entry on the way to what is handed over is copied, marked";
        }
        if (readsWhatXenWrote(outcome)) {
            return "real machine: what Xen has written into a root is read by the same call";
        }
        if (outcome.rows().exists(HANDLERS_CHANGED::contains)) {
            return "the probe: its handlers would be gone";
        }
        if (outcome.rows().exists(CALLBACKS_CHANGED::contains)) {
            return "the probe: it would be entered elsewhere";
        }
        if (registers != null && leavesTheProbe(registers, outcome)) {
            return "the probe: a root would not lead to it";
        }
        return probe.objection(sides.machine(), outcome);
    }

    /// Whether Xen's own entries of a root, met as those of a table of a lower level, lead to what
    /// is handed over or written: what stands there is not specified.
    private boolean leadsOnByXens(Event event) {
        return sides.memory().looked().stream().anyMatch(sides::walksByXens)
                || (event instanceof Event.WriteReadOnly(var write)
                        && (sides.walksByXens(write.address().value())
                                || sides.walksByXens(write.address().value() + write.bytes() - 1)));
    }

    /// Whether memory that a call was handed, and that is not call memory, leads elsewhere after
    /// it: the specification is handed all as it was before the call.
    private boolean elsewhere(Machine after) {
        for (long page : sides.memory().looked()) {
            if (sides.frame(page, false) != sides.frame(after, page, false)
                    || sides.frame(page, true) != sides.frame(after, page, true)) {
                return true;
            }
        }
        return false;
    }

    private boolean copiesWhatIsWalkedBy(Store store) {
        if (!(store instanceof Store.Copied(Mfn _, Mfn from))) {
            return false;
        }
        for (long page : sides.memory().looked()) {
            if (sides.walksBy(page, from)) {
                return true;
            }
        }
        return false;
    }

    /// Whether a frame became a root, and in the same call another kind of table, or was copied:
    /// what Xen wrote into it is not known before the call ends.
    private static boolean readsWhatXenWrote(Outcome outcome) {
        Set<Mfn> roots = new HashSet<>();
        for (Store store : outcome.stores()) {
            switch (store) {
                case Store.XenSlots(Mfn table, boolean _) -> roots.add(table);
                case Store.Copied(Mfn _, Mfn from) when roots.contains(from) -> {
                    return true;
                }
                case Store.Word _, Store.Cleared _, Store.Copied _ -> {}
            }
        }
        return roots.stream()
                .map(root -> outcome.machine().frame(root).use().type())
                .anyMatch(type -> type.isPageTable() && type != PageType.L4);
    }

    // Where Xen is known to do something else.

    private @Nullable String known(@Nullable Registers registers, Outcome outcome) {
        if (outcome.rows().count(UNFINISHED_CHECK::equals) > 1) {
            return "a check that fails at a first entry below which something is unfinished";
        }
        if (registers != null && flushesBy(registers, outcome.machine())) {
            return "a bitmap of processors in the page that the call maps";
        }
        return registers != null && registers.rax() == MEMORY_OP && writesOverAsking(registers)
                ? "a structure in the middle of what is written for it is written once more"
                : null;
    }

    /// Xen reads which processors to flush once the entry has changed, so that the bitmap can be in
    /// the page that the call maps, there or by another entry for the same table. What a guest has
    /// in memory is handed to the specification as it was before.
    private boolean flushesBy(Registers registers, Machine after) {
        return (registers.rax() == UPDATE_VA_MAPPING
                        || registers.rax() == UPDATE_VA_MAPPING_OTHERDOMAIN)
                && (elsewhere(after)
                        || sides.memory().looked().stream()
                                .anyMatch(page -> sides.leavesMemory(after, page)));
    }

    /// Whether a write reaches into the next page.
    private static boolean crosses(Event event) {
        return event instanceof Event.WriteReadOnly(var write)
                && (write.address().value() & 4095) + write.bytes() > 4096;
    }

    /// Xen writes the whole structure back after what was asked for, not only the field that
    /// changed.
    private boolean writesOverAsking(Registers registers) {
        long command = registers.arg1() & 0x3F;
        long size = command == MEMORY_MAP ? RANGE_BYTES : command == MFN_LIST ? Long.BYTES : 0;
        long structure = registers.arg2();
        if (size == 0 || !CallPages.readable(structure, STRUCTURE_BYTES)) {
            return false;
        }
        long count = sides.memory().calls().word(structure) & 0xFFFF_FFFFL;
        long list = sides.memory().calls().word(structure + Long.BYTES);
        return overlap(structure, STRUCTURE_BYTES, list, count * size);
    }

    // What depends on when Xen is preempted.

    /// Xen writes how far it came when it is preempted, and reads the rest of what it was handed
    /// after that.
    private boolean writesItsOwnList(Registers registers) {
        if (registers.rax() == MEMORY_OP) {
            return writesItsOwnStructure(registers.arg1() & 0x3F, registers.arg2());
        }
        long size =
                registers.rax() == MMU_UPDATE
                        ? UPDATE_BYTES
                        : registers.rax() == MMUEXT_OP ? OPERATION_BYTES : 0;
        long bytes = size * (registers.arg2() & 0x7FFF_FFFFL);
        return overlap(registers.arg1(), bytes, registers.arg3(), COUNT_BYTES);
    }

    /// The same of the structure that says where the list of frames is, and of which every further
    /// attempt reads everything anew.
    private boolean writesItsOwnStructure(long command, long structure) {
        if (command == EXCHANGE) {
            return CallPages.readable(structure, EXCHANGE_BYTES)
                    && (listIn(structure, structure, EXCHANGE_BYTES)
                            || listIn(structure + RESERVATION_BYTES, structure, EXCHANGE_BYTES));
        }
        return (command == INCREASE || command == POPULATE)
                && CallPages.readable(structure, RESERVATION_BYTES)
                && listIn(structure, structure, RESERVATION_BYTES);
    }

    /// An exchange of several extents fails after the first, or the second, when it is preempted
    /// there and cannot write how far it came.
    private boolean cannotSayHowFar(Registers registers) {
        long structure = registers.arg2();
        if (registers.rax() != MEMORY_OP
                || (registers.arg1() & 0x3F) != EXCHANGE
                || !CallPages.readable(structure, EXCHANGE_BYTES)) {
            return false;
        }
        long extents = sides.memory().calls().word(structure + Long.BYTES);
        long count = structure + 2 * RESERVATION_BYTES;
        return Long.compareUnsigned(extents, 1) > 0
                && !(sides.writable(count) && sides.writable(count + Long.BYTES - 1));
    }

    /// Whether the list of a reservation reaches into a structure, and has several entries.
    private boolean listIn(long reservation, long structure, long bytes) {
        long list = sides.memory().calls().word(reservation);
        long count = sides.memory().calls().word(reservation + Long.BYTES);
        return Long.compareUnsigned(count, 1) > 0
                && overlap(list, Long.BYTES * Math.min(count, MOST_EXTENTS), structure, bytes);
    }

    /// Pages of linear addresses in which a call that allocates may read what it then writes over:
    /// the list of its reservation, or of the second of an exchange. None in call memory.
    Set<Long> writtenOver(Registers registers) {
        long command = registers.arg1() & 0x3F;
        long structure = registers.arg2() + (command == EXCHANGE ? RESERVATION_BYTES : 0);
        if (registers.rax() != MEMORY_OP
                || (command != EXCHANGE && command != INCREASE && command != POPULATE)
                || !CallPages.readable(structure, RESERVATION_BYTES)) {
            return Set.of();
        }
        long list = sides.memory().calls().word(structure);
        long count = sides.memory().calls().word(structure + Long.BYTES);
        long bytes = Long.BYTES * Math.min(count & Long.MAX_VALUE, MOST_EXTENTS);
        Set<Long> pages = new HashSet<>();
        for (long at = 0; at < bytes + 4096; at += 4096) {
            pages.add((list + Math.min(at, bytes)) & -4096);
        }
        return pages;
    }

    private static boolean overlap(long first, long bytes, long second, long others) {
        return bytes > 0 && first < second + others && second < first + bytes;
    }

    // What the probe would not survive.

    /// Xen reads what it is handed through the tables that are loaded at that moment, so that each
    /// root has to lead there, also one that another replaces in the same call.
    private boolean leavesTheProbe(Registers registers, Outcome outcome) {
        if (registers.rax() != MMUEXT_OP || outcome.rows().count(ROOT_LOADED::equals) < 2) {
            return false;
        }
        long count = registers.arg2() & 0x7FFF_FFFFL;
        for (long i = 0; i < count; i++) {
            long operation = registers.arg1() + OPERATION_BYTES * i;
            if (!CallPages.readable(operation, 2 * Long.BYTES)) {
                return false;
            }
            long command = sides.memory().calls().word(operation) & 0xFFFF_FFFFL;
            long mfn = sides.memory().calls().word(operation + Long.BYTES);
            if (command == NEW_BASEPTR
                    && mfn >= 0
                    && mfn < sides.table().frames()
                    && !probe.leads(sides.memory().word(mfn, CallMemory.ROOT_SLOT))) {
                return true;
            }
        }
        return false;
    }
}
