// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.gen;

import static org.provisor.refine.gen.Stage.NONE;

import org.provisor.refine.program.Operand;

import java.util.List;

/// `XENMEM_exchange`: frames for others.
final class ExchangeMoves {

    private static final int EXCHANGE = 11;
    private static final int WORDS = 9;

    static final List<Move> ALL =
            List.of(
                    // Extents that fit each other, of frames that are mostly unused.
                    Move.of(
                            "exchange",
                            30,
                            ExchangeMoves::fitting,
                            "mm.exchange",
                            "mm.exchange.chunk",
                            "mm.exchange.chunks",
                            "mm.exchange.count",
                            "mm.exchange.given",
                            "mm.exchange.undo",
                            "mm.steal-page",
                            "mm.allocate",
                            "mm.physmap.add",
                            "mm.extent-list.write",
                            "memory_op",
                            "XENMEM_exchange"),
                    // Structures with something wrong.
                    Move.of(
                            "exchange-wrongly",
                            12,
                            ExchangeMoves::wrong,
                            "mm.exchange",
                            "mm.exchange.count",
                            "mm.limits.node",
                            "memory_op",
                            "XENMEM_exchange"));

    private ExchangeMoves() {}

    private static void fitting(Stage stage) {
        make(stage, NONE);
    }

    private static void wrong(Stage stage) {
        make(stage, stage.chance().below(WORDS));
    }

    /// @param slip the word of the structure that is something else than it should be, or NONE
    private static void make(Stage stage, int slip) {
        Chance chance = stage.chance();
        int control = stage.control();
        int domain = control == NONE || chance.percent(70) ? stage.caller() : control;
        if (domain == NONE) {
            return;
        }
        int dying = stage.dying();
        long named = dying != NONE && chance.oneIn(3) ? dying : MemoryCalls.named(stage, domain);
        int owner = MemoryCalls.meant(domain, named);
        int inOrder = chance.of(0, 0, 0, 0, 0, 1, 2);
        int outOrder = chance.of(0, 0, 0, 0, 1, 1, 2);
        int chunks = chance.few(4);
        int inEach = 1 << Math.max(outOrder - inOrder, 0);
        int outEach = 1 << Math.max(inOrder - outOrder, 0);
        long given = (long) chunks * inEach;
        long wanted = (long) chunks * outEach;
        Batch batch = stage.batch();
        long in = batch.anywhere((int) (8 * given));
        long out = chance.oneIn(16) ? in : batch.anywhere((int) (8 * wanted));
        int bad = chance.oneIn(3) ? chance.below((int) given) : NONE;
        for (int i = 0; i < given; i++) {
            long mfn =
                    i == bad
                            ? stage.someFrame(owner)
                            : stage.frameOr(owner, Wanted.UNUSED, Wanted.ANY);
            stage.poke(domain, (in & ~7L) + 8L * i, stage.number(mfn));
        }
        for (int i = 0; i < wanted; i++) {
            stage.poke(domain, (out & ~7L) + 8L * i, Operand.of(0x200 + chance.below(256)));
        }
        long done =
                chance.oneIn(10) ? Math.min(chance.below(5), given) : chance.oneIn(32) ? given : 0;
        Operand[] words = {
            Operand.of(in),
            Operand.of(given),
            MemoryCalls.halves(inOrder, chance.oneIn(8) ? MemoryCalls.flags(chance) : 0),
            MemoryCalls.domid(chance, named),
            Operand.of(out),
            Operand.of(wanted),
            MemoryCalls.halves(outOrder, MemoryCalls.flags(chance)),
            MemoryCalls.domid(chance, named),
            Operand.of(done)
        };
        if (slip != NONE) {
            words[slip] = slipped(chance, slip, words[slip]);
        }
        MemoryCalls.make(stage, domain, EXCHANGE, chance.oneIn(40) ? 1 : 0, words);
    }

    private static Operand slipped(Chance chance, int slip, Operand meant) {
        return switch (slip) {
            case 0, 4 -> Operand.of(Edges.address(chance));
            case 1, 5, 8 ->
                    Operand.of(
                            chance.oneIn(2)
                                    ? meant.base() + chance.below(3) - 1
                                    : Edges.word(chance));
            case 2, 6 -> MemoryCalls.halves(Edges.order(chance), MemoryCalls.flags(chance));
            default -> MemoryCalls.domid(chance, Edges.domid(chance));
        };
    }
}
