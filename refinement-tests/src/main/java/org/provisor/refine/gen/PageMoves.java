// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.gen;

import static org.provisor.refine.gen.Stage.NONE;

import org.provisor.refine.program.CallMemory;
import org.provisor.refine.program.Operand;

import java.util.List;

/// `mmuext_op` on whole pages and on caches, and what it does not know.
final class PageMoves {

    /// The number of this command; the next copies.
    private static final int CLEAR_PAGE = 16;

    /// The number of this command; the next unmarks.
    private static final int MARK_SUPER = 19;

    private static final int LAST_COMMAND = 20;

    /// The commands that flush, in the order of their numbers.
    private static final int[] FLUSHES = {6, 7, 8, 9, 10, 11, 12, 18};

    static final List<Move> ALL =
            List.of(
                    // Pages cleared and copied, seldom said to be large.
                    Move.of(
                            "clear-and-copy",
                            20,
                            PageMoves::whole,
                            "mm.clear-page",
                            "mm.copy-page",
                            "mm.mmuext.operation",
                            "mmuext_op",
                            "MMUEXT_CLEAR_PAGE",
                            "MMUEXT_COPY_PAGE"),
                    // Flushes of all kinds.
                    Move.of(
                            "flush",
                            20,
                            PageMoves::flush,
                            "mm.tlb.flush",
                            "mm.tlb.invalidate-page",
                            "mm.cache.flush",
                            "mm.mmuext.operation",
                            "mmuext_op",
                            "MMUEXT_TLB_FLUSH",
                            "MMUEXT_INVLPG",
                            "MMUEXT_FLUSH_CACHE"),
                    // Any operation, known or not, on anything.
                    Move.of(
                            "any-operation",
                            20,
                            PageMoves::any,
                            "mm.mmuext",
                            "mm.mmuext.batch",
                            "mm.mmuext.operation",
                            "mmuext_op"));

    private PageMoves() {}

    private static void whole(Stage stage) {
        Chance chance = stage.chance();
        int domain = stage.caller();
        if (domain == NONE) {
            return;
        }
        int other = stage.other(domain);
        boolean others = other != NONE && chance.oneIn(5);
        int owner = others ? other : domain;
        for (int i = chance.few(5); i > 0; i--) {
            Operand to = stage.number(destination(stage, owner));
            Operand from =
                    stage.number(chance.oneIn(6) ? stage.someFrame(owner) : source(stage, owner));
            int command = chance.oneIn(8) ? MARK_SUPER : CLEAR_PAGE;
            stage.batch().operation(command + chance.below(2), to, from);
        }
        long foreign = others ? other : chance.oneIn(24) ? Edges.IO : Edges.SELF;
        stage.batch().send(domain, stage.vcpu(domain), Batch.MMUEXT_OP, foreign);
    }

    private static long destination(Stage stage, int owner) {
        return switch (stage.chance().below(6)) {
            case 0 -> stage.someFrame(owner);
            case 1 -> stage.frameOr(owner, Wanted.WRITABLE, Wanted.IDLE);
            case 2 -> stage.frameOr(owner, Wanted.ANY, Wanted.ANY);
            default -> stage.frameOr(owner, Wanted.IDLE, Wanted.ANY);
        };
    }

    private static long source(Stage stage, int owner) {
        return stage.frameOr(
                owner, stage.chance().oneIn(2) ? Wanted.TABLE : Wanted.ANY, Wanted.ANY);
    }

    private static void flush(Stage stage) {
        Chance chance = stage.chance();
        int domain = stage.caller();
        if (domain == NONE) {
            return;
        }
        for (int i = chance.few(6); i > 0; i--) {
            stage.batch()
                    .operation(
                            FLUSHES[chance.below(FLUSHES.length)],
                            Operand.of(linear(stage)),
                            Operand.of(bitmap(stage, domain)));
        }
        stage.batch()
                .send(
                        domain,
                        stage.vcpu(domain),
                        Batch.MMUEXT_OP,
                        chance.oneIn(32) ? Edges.domid(chance) : Edges.SELF);
    }

    /// An address, right or wrong.
    static long linear(Stage stage) {
        Chance chance = stage.chance();
        return chance.oneIn(2) ? Edges.address(chance) : chance.bits() & 0x7FFF_FFFF_FFFFL;
    }

    /// The address of a set of vCPUs.
    static long bitmap(Stage stage, int domain) {
        Chance chance = stage.chance();
        if (chance.oneIn(5)) {
            return Edges.address(chance);
        }
        if (chance.oneIn(6)) {
            return CallMemory.START + CallMemory.READABLE - chance.below(12);
        }
        long at = CallMemory.START + CallMemory.WRITABLE - 64 + 8L * chance.below(4);
        stage.poke(domain, at, Operand.of(chance.oneIn(2) ? chance.below(8) : Edges.word(chance)));
        return at;
    }

    private static void any(Stage stage) {
        Chance chance = stage.chance();
        int domain = stage.caller();
        if (domain == NONE) {
            return;
        }
        for (int i = chance.few(12); i > 0; i--) {
            long command = chance.oneIn(16) ? Edges.word32(chance) : chance.below(LAST_COMMAND + 2);
            Operand first =
                    switch (chance.below(4)) {
                        case 0 -> Operand.of(Edges.word(chance));
                        case 1 -> Operand.of(linear(stage));
                        default -> stage.number(stage.someFrame(domain));
                    };
            Operand second =
                    switch (chance.below(4)) {
                        case 0 -> Operand.of(Edges.word(chance));
                        case 1 -> Operand.of(bitmap(stage, domain));
                        default -> stage.number(stage.someFrame(domain));
                    };
            // What is above the command in its word is not read.
            long upper = chance.oneIn(16) ? chance.bits() << 32 : 0;
            stage.batch().operation(command | upper, first, second);
        }
        stage.batch()
                .send(
                        domain,
                        stage.vcpu(domain),
                        Batch.MMUEXT_OP,
                        chance.oneIn(8) ? Edges.domid(chance) : Edges.SELF);
    }
}
