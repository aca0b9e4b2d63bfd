// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.gen;

import static org.provisor.refine.gen.Stage.NONE;

import org.provisor.refine.program.Operand;

import java.util.List;

/// Taking memory, giving it back, keeping it for somebody.
final class ReservationMoves {

    private static final int INCREASE = 0;
    private static final int DECREASE = 1;
    private static final int POPULATE = 6;
    private static final int CLAIM = 24;

    private static final long ON_DEMAND = 1 << 16;

    /// The most extents that a preempted call can count.
    private static final long MOST_EXTENTS = 0xFFFF_FFFFL >>> 6;

    static final List<Move> ALL =
            List.of(
                    // Frames taken, with and without a list.
                    Move.of(
                            "increase",
                            25,
                            stage -> take(stage, INCREASE),
                            "mm.reservation",
                            "mm.reservation.extents",
                            "mm.increase.extent",
                            "mm.assign",
                            "mm.allocate",
                            "mm.limits.node",
                            "mm.extent-list.write",
                            "mm.memory-op",
                            "memory_op",
                            "XENMEM_increase_reservation"),
                    // Frames taken at numbers of one's own, or on demand.
                    Move.of(
                            "populate",
                            25,
                            stage -> take(stage, POPULATE),
                            "mm.reservation",
                            "mm.reservation.extents",
                            "mm.populate.extent",
                            "mm.physmap.add",
                            "mm.assign",
                            "mm.allocate",
                            "mm.limits.node",
                            "mm.extent-list.write",
                            "mm.memory-op",
                            "memory_op",
                            "XENMEM_populate_physmap"),
                    // Frames given back, used or not, one's own or not.
                    Move.of(
                            "decrease",
                            35,
                            ReservationMoves::give,
                            "mm.reservation",
                            "mm.reservation.extents",
                            "mm.decrease.extent",
                            "mm.decrease.frame",
                            "mm.ref.release",
                            "mm.ref.put",
                            "mm.memory-op",
                            "memory_op",
                            "XENMEM_decrease_reservation"),
                    // Memory kept for a domain before it is allocated.
                    Move.of(
                            "claim",
                            10,
                            ReservationMoves::claim,
                            "mm.claim",
                            "mm.claim.stake",
                            "memory_op",
                            "XENMEM_claim_pages"));

    private ReservationMoves() {}

    private static long count(Chance chance) {
        return switch (chance.below(24)) {
            case 0 -> 0;
            case 1 -> MOST_EXTENTS - 1 + chance.below(3);
            case 2 -> Edges.word(chance);
            case 3 -> 20 + chance.below(30);
            default -> chance.few(6);
        };
    }

    private static long order(Chance chance) {
        return chance.oneIn(8) ? Edges.order(chance) : chance.of(0, 0, 0, 0, 1, 2);
    }

    private static void reserve(
            Stage stage, int domain, int command, long list, long count, long order, long named) {
        Chance chance = stage.chance();
        long flags = MemoryCalls.flags(chance);
        if (chance.oneIn(command == POPULATE ? 10 : 20)) {
            flags |= ON_DEMAND;
        }
        MemoryCalls.make(
                stage,
                domain,
                command,
                MemoryCalls.start(chance, count),
                Operand.of(list),
                Operand.of(count),
                MemoryCalls.halves(order, flags),
                MemoryCalls.domid(chance, named));
    }

    private static void take(Stage stage, int command) {
        Chance chance = stage.chance();
        int control = stage.control();
        int domain = control == NONE || chance.oneIn(2) ? stage.caller() : control;
        if (domain == NONE) {
            return;
        }
        long count = count(chance);
        int listed = Math.clamp(count, 0, 8);
        boolean none = command == INCREASE ? chance.oneIn(2) : chance.oneIn(32);
        long list = none ? 0 : stage.batch().anywhere(8 * Math.max(listed, 1));
        if (command == POPULATE) {
            for (int i = 0; i < listed; i++) {
                stage.poke(
                        domain,
                        (list & ~7L) + 8L * i,
                        Operand.of(
                                chance.oneIn(8) ? Edges.word(chance) : 0x100 + chance.below(256)));
            }
        }
        reserve(
                stage,
                domain,
                command,
                list,
                count,
                order(chance),
                MemoryCalls.named(stage, domain));
    }

    private static void give(Stage stage) {
        Chance chance = stage.chance();
        int control = stage.control();
        int domain = control == NONE || chance.percent(75) ? stage.caller() : control;
        if (domain == NONE) {
            return;
        }
        long named = MemoryCalls.named(stage, domain);
        int owner = MemoryCalls.meant(domain, named);
        long count = count(chance);
        int listed = Math.clamp(count, 0, 8);
        long list = chance.oneIn(32) ? 0 : stage.batch().anywhere(8 * Math.max(listed, 1));
        for (int i = 0; i < listed; i++) {
            long mfn =
                    switch (chance.below(8)) {
                        case 0 -> stage.someFrame(owner);
                        case 1, 2 -> stage.frameOr(owner, Wanted.ANY, Wanted.ANY);
                        case 3 -> stage.frameOr(owner, Wanted.GIVEN_BACK, Wanted.SHARED);
                        case 4 -> stage.frameOr(owner, Wanted.PINNED, Wanted.TABLE);
                        default -> stage.frameOr(owner, Wanted.UNUSED, Wanted.ANY);
                    };
            stage.poke(domain, (list & ~7L) + 8L * i, stage.number(mfn));
        }
        long order = chance.percent(85) ? 0 : order(chance);
        reserve(stage, domain, DECREASE, list, count, order, named);
    }

    /// A claim; sometimes memory is taken then and another made, which tells what was left of it.
    private static void claim(Stage stage) {
        stake(stage);
        if (stage.chance().oneIn(3)) {
            take(stage, INCREASE);
            stake(stage);
        }
    }

    private static void stake(Stage stage) {
        Chance chance = stage.chance();
        int control = stage.control();
        int domain = control == NONE || chance.oneIn(5) ? stage.caller() : control;
        if (domain == NONE) {
            return;
        }
        int other = stage.other(domain);
        long named =
                other == NONE || chance.oneIn(4)
                        ? (chance.oneIn(2) ? domain : MemoryCalls.named(stage, domain))
                        : other;
        var of = stage.domain((int) named);
        long has = of == null ? 0 : of.totPages();
        long most = of == null ? 0 : of.maxPages();
        long total =
                switch (chance.below(8)) {
                    case 0, 1 -> 0;
                    case 2 -> has + chance.below(3) - 1;
                    case 3 -> most + chance.below(3) - 1;
                    case 4 -> Edges.word(chance);
                    default -> has + 1 + chance.below(6);
                };
        int slip = chance.below(16);
        MemoryCalls.make(
                stage,
                domain,
                CLAIM,
                chance.oneIn(24) ? 1 : 0,
                Operand.of(slip == 0 ? Edges.word(chance) : 0),
                Operand.of(total),
                MemoryCalls.halves(
                        slip == 1 ? Edges.order(chance) : 0,
                        slip == 2 ? MemoryCalls.flags(chance) : 0),
                MemoryCalls.domid(chance, named));
    }
}
