// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.gen;

import static org.provisor.refine.gen.Stage.NONE;

import org.provisor.refine.program.CallMemory;
import org.provisor.refine.program.Operand;

import java.util.List;

/// Questions about memory, memory maps, calls about the physmap that paravirtual domains have not,
/// and all other sub-operations of `memory_op`.
final class QueryMoves {

    private static final int MAXIMUM_RAM_PAGE = 2;
    private static final int CURRENT_RESERVATION = 3;
    private static final int MAXIMUM_RESERVATION = 4;
    private static final int MACHPHYS_MFN_LIST = 5;
    private static final int ADD_TO_PHYSMAP = 7;
    private static final int MEMORY_MAP = 9;
    private static final int MACHINE_MEMORY_MAP = 10;
    private static final int MACHPHYS_MAPPING = 12;
    private static final int SET_MEMORY_MAP = 13;
    private static final int MAXIMUM_GPFN = 14;
    private static final int REMOVE_FROM_PHYSMAP = 15;
    private static final int ADD_TO_PHYSMAP_BATCH = 23;
    private static final int MACHPHYS_COMPAT_MFN_LIST = 25;

    /// What no other move asks for: the machine's memory map, and what is for memory that is paged
    /// out or shared copy-on-write.
    private static final int[] REST = {
        MACHINE_MEMORY_MAP, MACHINE_MEMORY_MAP, MACHINE_MEMORY_MAP, 18, 19, 20, 22
    };

    private static final int[] QUESTIONS = {
        CURRENT_RESERVATION, MAXIMUM_RESERVATION, MAXIMUM_GPFN, MAXIMUM_RAM_PAGE
    };

    /// Where in the frame that Xen shares a guest says how many frames it has numbered.
    private static final int MAX_PFN_SLOT = 3088 / 8;

    /// Words in an entry of a memory map, rounded down: entries have 20 bytes.
    private static final int MOST_ENTRIES = 1024;

    static final List<Move> ALL =
            List.of(
                    // How much memory there is.
                    Move.of(
                            "ask",
                            10,
                            QueryMoves::ask,
                            "mm.query.domain",
                            "mm.memory-op",
                            "memory_op",
                            "XENMEM_current_reservation",
                            "XENMEM_maximum"),
                    // Where the machine-to-physical table is.
                    Move.of(
                            "ask-for-machphys",
                            10,
                            QueryMoves::machphys,
                            "mm.machphys.mapping",
                            "mm.machphys.frames",
                            "mm.memory-op",
                            "memory_op",
                            "XENMEM_machphys"),
                    // A memory map given to a domain.
                    Move.of(
                            "set-map",
                            10,
                            QueryMoves::setMap,
                            "mm.memory-map.set",
                            "memory_op",
                            "XENMEM_set_memory_map"),
                    // The memory map that one was given.
                    Move.of(
                            "get-map",
                            10,
                            QueryMoves::getMap,
                            "mm.memory-map.get",
                            "memory_op",
                            "XENMEM_memory_map"),
                    // What there is only for domains with a physmap.
                    Move.of(
                            "physmap",
                            10,
                            QueryMoves::physmap,
                            "mm.physmap.add-one",
                            "mm.physmap.add-batch",
                            "mm.physmap.remove",
                            "memory_op",
                            "XENMEM_add_to_physmap",
                            "XENMEM_remove_from_physmap"),
                    // Any sub-operation, from any extent.
                    Move.of(
                            "any-memory-op",
                            40,
                            QueryMoves::any,
                            "mm.memory-op",
                            "mm.memory-map.machine",
                            "memory_op"));

    private QueryMoves() {}

    private static void ask(Stage stage) {
        Chance chance = stage.chance();
        int domain = stage.caller();
        if (domain == NONE) {
            return;
        }
        long named = MemoryCalls.named(stage, domain);
        int command = QUESTIONS[chance.below(QUESTIONS.length)];
        if (command == MAXIMUM_GPFN && chance.oneIn(2)) {
            int owner = MemoryCalls.meant(domain, named);
            stage.fill(
                    owner,
                    stage.frame(owner, Wanted.SHARED),
                    MAX_PFN_SLOT,
                    Operand.of(Edges.word(chance)));
        }
        MemoryCalls.make(
                stage, domain, command, chance.oneIn(16) ? 1 : 0, MemoryCalls.domid(chance, named));
    }

    private static void machphys(Stage stage) {
        Chance chance = stage.chance();
        int domain = stage.caller();
        if (domain == NONE) {
            return;
        }
        int command = chance.of(MACHPHYS_MFN_LIST, MACHPHYS_MAPPING, MACHPHYS_COMPAT_MFN_LIST);
        long list = stage.batch().anywhere(8);
        long room = chance.oneIn(4) ? Edges.word32(chance) : chance.below(3);
        Operand first = MemoryCalls.halves(room, chance.below(2));
        Operand third = Operand.of(chance.bits());
        if (command == MACHPHYS_MFN_LIST && chance.oneIn(6)) {
            // It can be read, but not be written.
            long at = CallMemory.START + CallMemory.WRITABLE + 8L * chance.below(4);
            Batch.write(stage, domain, at, new Operand[] {first, Operand.of(list), third}, 3);
            MemoryCalls.make(stage, domain, command, 0, at, stage.calm());
            return;
        }
        MemoryCalls.make(
                stage, domain, command, chance.oneIn(16) ? 1 : 0, first, Operand.of(list), third);
    }

    private static void setMap(Stage stage) {
        Chance chance = stage.chance();
        int domain = stage.caller();
        if (domain == NONE) {
            return;
        }
        long count =
                switch (chance.below(12)) {
                    case 0 -> 0;
                    case 1 -> MOST_ENTRIES - 1 + chance.below(3);
                    case 2 -> Edges.word32(chance);
                    default -> chance.few(4);
                };
        int words = (int) Math.min(count, 8) * 5 / 2 + 1;
        long buffer = stage.batch().anywhere(8 * words);
        for (int i = 0; i < words; i++) {
            stage.poke(
                    domain,
                    (buffer & ~7L) + 8L * i,
                    Operand.of(chance.oneIn(2) ? Edges.word(chance) : 1 + chance.below(5)));
        }
        MemoryCalls.make(
                stage,
                domain,
                SET_MEMORY_MAP,
                chance.oneIn(24) ? 1 : 0,
                MemoryCalls.domid(chance, MemoryCalls.named(stage, domain)),
                MemoryCalls.halves(count, chance.below(3)),
                Operand.of(buffer));
    }

    private static void getMap(Stage stage) {
        Chance chance = stage.chance();
        int domain = stage.caller();
        if (domain == NONE) {
            return;
        }
        long room =
                switch (chance.below(6)) {
                    case 0 -> 0;
                    case 1 -> Edges.word32(chance);
                    case 2 -> MOST_ENTRIES;
                    default -> chance.few(4);
                };
        Batch batch = stage.batch();
        long buffer = chance.oneIn(6) ? batch.acrossEnd(96) : batch.anywhere(96);
        Operand first = MemoryCalls.halves(room, chance.below(3));
        if (chance.oneIn(6)) {
            // It can be read, but not be written.
            long at = CallMemory.START + CallMemory.WRITABLE + 8L * chance.below(4);
            Batch.write(stage, domain, at, new Operand[] {first, Operand.of(buffer)}, 2);
            MemoryCalls.make(stage, domain, MEMORY_MAP, 0, at, stage.calm());
            return;
        }
        MemoryCalls.make(
                stage, domain, MEMORY_MAP, chance.oneIn(24) ? 1 : 0, first, Operand.of(buffer));
    }

    private static void physmap(Stage stage) {
        Chance chance = stage.chance();
        int domain = stage.caller();
        if (domain == NONE) {
            return;
        }
        int command = chance.of(ADD_TO_PHYSMAP, REMOVE_FROM_PHYSMAP, ADD_TO_PHYSMAP_BATCH);
        long start =
                switch (chance.below(8)) {
                    case 0 -> (1L << 16) - 1 + chance.below(3);
                    case 1 -> Edges.word(chance) >>> 6;
                    default -> chance.oneIn(6) ? 1 : 0;
                };
        long named = MemoryCalls.named(stage, domain) & 0xFFFF;
        long space = chance.oneIn(8) ? Edges.word32(chance) : chance.below(7);
        long word =
                command == ADD_TO_PHYSMAP_BATCH
                        ? named | (space & 0xFFFF) << 16 | (long) chance.below(9) << 32
                        : named | space << 32;
        MemoryCalls.make(
                stage,
                domain,
                command,
                start,
                Operand.of(word),
                Operand.of(Edges.word(chance)),
                Operand.of(Edges.word(chance)),
                Operand.of(Edges.word(chance)));
    }

    private static void any(Stage stage) {
        Chance chance = stage.chance();
        int domain = stage.caller();
        if (domain == NONE) {
            return;
        }
        int command =
                switch (chance.below(4)) {
                    case 0 -> chance.below(64);
                    case 1 -> chance.below(30);
                    default -> REST[chance.below(REST.length)];
                };
        MemoryCalls.make(
                stage,
                domain,
                command,
                chance.oneIn(command == MACHINE_MEMORY_MAP ? 2 : 4) ? Edges.word(chance) >>> 6 : 0,
                chance.oneIn(2)
                        ? Operand.of(Edges.word(chance))
                        : MemoryCalls.domid(chance, MemoryCalls.named(stage, domain)),
                Operand.of(Edges.word(chance)),
                Operand.of(chance.below(4)),
                MemoryCalls.domid(chance, MemoryCalls.named(stage, domain)));
    }
}
