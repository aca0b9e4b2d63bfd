// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.gen;

import static org.provisor.refine.gen.Stage.NONE;

import org.provisor.refine.program.Action;
import org.provisor.refine.program.Action.Stimulus;
import org.provisor.refine.program.Operand;

import java.util.List;

/// Domains that die, and what others still do with their memory.
final class LifeMoves {

    static final List<Move> ALL =
            List.of(
                    // A domain destroyed, at once or by and by.
                    Move.of(
                            "destroy",
                            6,
                            LifeMoves::destroy,
                            "mm.domain.destroy",
                            "mm.domain.relinquish",
                            "mm.domain.relinquish-frames",
                            "mm.domain.relinquish-vcpus",
                            "mm.frame.release",
                            "mm.vcpu.drop-roots",
                            "mm.ldt.destroy",
                            "mm.gdt.destroy"),
                    // A teardown that has begun goes on, for a few steps or to its end.
                    Move.of(
                            "go-on-destroying",
                            20,
                            LifeMoves::goOn,
                            "mm.domain.destroy",
                            "mm.domain.relinquish",
                            "mm.domain.relinquish-frames",
                            "mm.frame.release",
                            "mm.vcpu.drop-roots"),
                    // Memory of a domain is made to outlive it.
                    Move.of(
                            "map-before-death",
                            6,
                            LifeMoves::mapAndDestroy,
                            "mm.ref.put",
                            "mm.domain.relinquish",
                            "mm.entry.get-frame"),
                    // Tables that lead to each other, then death.
                    Move.of(
                            "linear-before-death",
                            4,
                            LifeMoves::linearAndDestroy,
                            "mm.frame.release",
                            "mm.linear.get",
                            "mm.domain.relinquish-frames"),
                    // Calls on a dying domain.
                    Move.of(
                            "use-dying",
                            20,
                            LifeMoves::useDying,
                            "mm.pin",
                            "mm.page-type.get",
                            "mm.assign",
                            "mm.mmu-update.entry"));

    private LifeMoves() {}

    /// How far a teardown goes.
    private static Stimulus far(Chance chance) {
        int patience =
                switch (chance.below(4)) {
                    case 0 -> Integer.MAX_VALUE;
                    case 1 -> chance.below(40);
                    default -> chance.below(4);
                };
        int attempts = chance.oneIn(3) ? Integer.MAX_VALUE : 1 + chance.below(3);
        return new Stimulus(patience, 0, List.of(), attempts);
    }

    private static void destroy(Stage stage) {
        Chance chance = stage.chance();
        int control = stage.control();
        int by = control == NONE || chance.oneIn(8) ? stage.caller() : control;
        if (by == NONE) {
            return;
        }
        int victim = stage.other(by);
        int domain =
                victim == NONE || chance.oneIn(8)
                        ? (chance.oneIn(2) ? by : Edges.domid(chance))
                        : victim;
        // A privileged domain that is gone leaves nobody to go on.
        var chosen = stage.domain(domain);
        if (chosen != null && chosen.control() && domain != by && chance.percent(95)) {
            return;
        }
        stage.act(new Action.Destroy(by, domain, far(chance)));
    }

    private static void goOn(Stage stage) {
        int by = stage.control();
        int domain = stage.dying();
        if (by != NONE && domain != NONE) {
            for (int i = stage.chance().few(3); i > 0; i--) {
                stage.act(new Action.Destroy(by, domain, far(stage.chance())));
            }
        }
    }

    private static void mapAndDestroy(Stage stage) {
        Chance chance = stage.chance();
        int by = stage.control();
        int victim = by == NONE ? NONE : stage.other(by);
        if (victim == NONE) {
            return;
        }
        long table = stage.frame(by, Wanted.L1);
        if (table == NONE) {
            table = Trees.build(stage, by, 1);
            if (table == NONE) {
                return;
            }
            stage.batch().operation(0, stage.number(table), Operand.of(0));
            stage.batch().send(by, 0, Batch.MMUEXT_OP, Edges.SELF, stage.calm());
        }
        int slot = Edges.slot(chance);
        Wanted wanted = chance.oneIn(4) ? Wanted.SHARED : Wanted.IDLE;
        long data = stage.frameOr(victim, wanted, Wanted.ANY);
        stage.batch()
                .update(stage.place(table, 8L * slot), stage.address(data, Edges.flags(chance)));
        stage.batch().send(by, 0, Batch.MMU_UPDATE, victim, stage.calm());
        if (chance.oneIn(2)) {
            stage.act(new Action.Destroy(by, victim, far(chance)));
            if (chance.oneIn(2)) {
                stage.act(new Action.Destroy(by, victim, Stimulus.NONE));
            }
        }
        if (chance.oneIn(2)) {
            stage.batch().update(stage.place(table, 8L * slot), Operand.of(0));
            stage.batch().send(by, 0, Batch.MMU_UPDATE, Edges.SELF, stage.calm());
        }
    }

    private static void linearAndDestroy(Stage stage) {
        Chance chance = stage.chance();
        int by = stage.control();
        int victim = by == NONE ? NONE : stage.other(by);
        if (victim == NONE || !stage.runs(victim)) {
            return;
        }
        int level = 2 + chance.below(3);
        long named = Trees.build(stage, victim, level);
        long container = named == NONE ? NONE : stage.frame(victim, Wanted.UNUSED);
        if (container == NONE || container == named) {
            return;
        }
        for (int slot : Edges.SLOTS) {
            stage.fill(victim, container, slot, Operand.of(0));
        }
        stage.fill(victim, container, Edges.slot(chance), stage.address(named, Edges.READ_ONLY));
        stage.batch().operation(level - 1, stage.number(named), Operand.of(0));
        stage.batch().operation(level - 1, stage.number(container), Operand.of(0));
        if (chance.oneIn(2)) {
            stage.batch().operation(4, stage.number(named), Operand.of(0));
        }
        stage.batch().send(victim, 0, Batch.MMUEXT_OP, Edges.SELF, stage.calm());
        for (int i = chance.few(4); i > 0; i--) {
            stage.act(new Action.Destroy(by, victim, far(chance)));
            if (chance.oneIn(3)) {
                useDying(stage);
            }
        }
    }

    private static void useDying(Stage stage) {
        Chance chance = stage.chance();
        int by = stage.control();
        int dying = stage.dying();
        if (by == NONE || dying == NONE) {
            return;
        }
        Batch batch = stage.batch();
        switch (chance.below(6)) {
            case 0, 1, 2 -> {
                long mfn = stage.frameOr(dying, Wanted.FORCED, Wanted.PARTIAL);
                if (chance.oneIn(2)) {
                    mfn = stage.frameOr(dying, Wanted.TABLE, Wanted.IDLE);
                }
                int level = Math.max(stage.frame(mfn).use().type().level(), 1);
                batch.operation(chance.oneIn(6) ? 4 : level - 1, stage.number(mfn), Operand.of(0));
                batch.send(by, stage.vcpu(by), Batch.MMUEXT_OP, dying);
            }
            case 3 -> {
                long table = stage.frameOr(dying, Wanted.TABLE, Wanted.ANY);
                int level = Math.max(stage.frame(table).use().type().level(), 1);
                int slot = Edges.slot(chance);
                batch.update(
                        stage.place(table, 8L * slot),
                        Entries.changed(stage, dying, NONE, table, level, slot));
                batch.send(by, stage.vcpu(by), Batch.MMU_UPDATE, dying | (dying + 1L) << 16);
            }
            default -> {
                int command = chance.of(0, 1, 6);
                long list = batch.at(8);
                stage.poke(by, list, stage.number(stage.frameOr(dying, Wanted.ANY, Wanted.ANY)));
                MemoryCalls.make(
                        stage,
                        by,
                        command,
                        0,
                        Operand.of(list),
                        Operand.of(1),
                        Operand.of(0),
                        Operand.of(dying));
            }
        }
    }
}
