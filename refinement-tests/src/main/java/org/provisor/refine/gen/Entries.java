// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.gen;

import static org.provisor.refine.gen.Stage.NONE;

import org.provisor.refine.program.Operand;

/// Page-table entries, well chosen or badly on purpose.
final class Entries {

    private Entries() {}

    /// A level 1 entry in a table of one domain, mapping memory said to be of another.
    static Operand leaf(Stage stage, int domain, int data) {
        Chance chance = stage.chance();
        int owner = data == NONE ? domain : data;
        long flags = Edges.flags(chance);
        long frame =
                switch (chance.below(20)) {
                    case 0, 1, 2, 3, 4, 5 -> stage.frameOr(owner, Wanted.IDLE, Wanted.ANY);
                    case 6, 7 -> stage.frameOr(owner, Wanted.WRITABLE, Wanted.IDLE);
                    case 8, 9, 10 -> {
                        flags = chance.oneIn(4) ? flags : Edges.READ_ONLY;
                        yield stage.frameOr(owner, Wanted.L1, Wanted.TABLE);
                    }
                    case 11 -> stage.frameOr(owner, Wanted.ANY, Wanted.ANY);
                    case 12 -> stage.frameOr(stage.other(owner), Wanted.ANY, Wanted.ANY);
                    case 13 -> {
                        flags = withMemoryType(chance, flags);
                        yield stage.device();
                    }
                    case 14 -> {
                        flags = chance.oneIn(2) ? withMemoryType(chance, flags) : flags;
                        yield stage.frameOr(owner, Wanted.SHARED, Wanted.ANY);
                    }
                    case 15 -> stage.frameOr(owner, Wanted.HEAVY, Wanted.GIVEN_BACK);
                    case 16 -> stage.frameOr(owner, Wanted.DESCRIPTORS, Wanted.ANY);
                    case 17 -> stage.frameOr(owner, Wanted.UNUSED, Wanted.ANY);
                    case 18 -> stage.someFrame(owner);
                    default -> Edges.frame(chance, stage.machine().frames().size());
                };
        return stage.address(frame, chance.percent(7) ? Edges.anyFlags(chance) : flags);
    }

    private static long withMemoryType(Chance chance, long flags) {
        return flags | (chance.below(8) & 3) << 3 | (long) chance.below(2) << 7;
    }

    /// An entry of a level 2, 3 or 4 table.
    ///
    /// @param container the table that it goes into, or NONE
    static Operand upper(Stage stage, int domain, int level, long container) {
        Chance chance = stage.chance();
        long flags = chance.oneIn(8) ? Edges.flags(chance) : Edges.ORDINARY;
        long frame =
                switch (chance.below(20)) {
                    case 0, 1, 2, 3, 4, 5, 6 ->
                            stage.frameOr(domain, Wanted.table(level - 1), Wanted.IDLE);
                    case 7, 8, 9, 10 -> stage.frameOr(domain, Wanted.IDLE, Wanted.ANY);
                    case 11, 12, 13 -> {
                        flags = chance.oneIn(6) ? flags : Edges.READ_ONLY;
                        yield stage.frameOr(domain, Wanted.table(level), Wanted.IDLE);
                    }
                    case 14 -> {
                        flags = chance.oneIn(6) ? flags : Edges.READ_ONLY;
                        yield container == NONE
                                ? stage.frameOr(domain, Wanted.table(level), Wanted.IDLE)
                                : container;
                    }
                    case 15 -> stage.frameOr(domain, Wanted.PARTIAL, Wanted.TABLE);
                    case 16 -> stage.frameOr(domain, Wanted.HEAVY, Wanted.ANY);
                    case 17 ->
                            stage.frameOr(stage.other(domain), Wanted.table(level - 1), Wanted.ANY);
                    case 18 -> stage.someFrame(domain);
                    default -> stage.frameOr(domain, Wanted.ANY, Wanted.ANY);
                };
        return stage.address(frame, chance.percent(6) ? Edges.anyFlags(chance) : flags);
    }

    /// What an entry becomes: another, the same with other flags, or none.
    ///
    /// @param level of the table
    static Operand changed(Stage stage, int domain, int data, long table, int level, int slot) {
        Chance chance = stage.chance();
        return switch (chance.below(8)) {
            case 0 -> Operand.of(0);
            case 1 ->
                    chance.oneIn(3)
                            ? Operand.of(Edges.word(chance) & ~Edges.PRESENT)
                            : renewed(stage, table, slot, 0, Edges.PRESENT);
            case 2, 3 -> {
                long one = Edges.free(chance);
                yield renewed(stage, table, slot, one ^ Edges.free(chance), 0);
            }
            case 4 -> renewed(stage, table, slot, Edges.bound(chance), 0);
            default -> level == 1 ? leaf(stage, domain, data) : upper(stage, domain, level, table);
        };
    }

    /// The entry that is there, some of its flags changed and some taken away.
    private static Operand renewed(Stage stage, long table, int slot, long flipped, long without) {
        long old = stage.entry(table, slot);
        long low = (old ^ flipped) & ~without & ~Edges.FRAME_MASK;
        return stage.address((old & Edges.FRAME_MASK) >>> 12, low);
    }
}
