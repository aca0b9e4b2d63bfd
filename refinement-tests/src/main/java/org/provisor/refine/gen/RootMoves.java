// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.gen;

import static org.provisor.refine.gen.Stage.NONE;

import org.provisor.refine.program.Operand;
import org.provisor.spec.state.Vcpu;

import java.util.List;

/// Kernel and user roots: loading, sharing, taking away.
final class RootMoves {

    private static final int NEW_BASEPTR = 5;
    private static final int NEW_USER_BASEPTR = 15;

    static final List<Move> ALL =
            List.of(
                    // Another kernel root, or the same once more.
                    Move.of(
                            "load-kernel-root",
                            30,
                            stage -> load(stage, NEW_BASEPTR),
                            "mm.root.kernel",
                            "mm.root.put",
                            "mm.ldt.destroy",
                            "mm.mmuext.operation",
                            "mmuext_op",
                            "MMUEXT_NEW_BASEPTR"),
                    // Another user root, the same, or none.
                    Move.of(
                            "load-user-root",
                            30,
                            stage -> load(stage, NEW_USER_BASEPTR),
                            "mm.root.user",
                            "mm.root.put",
                            "mm.mmuext.operation",
                            "mmuext_op",
                            "MMUEXT_NEW_USER_BASEPTR"),
                    // A root that becomes one but for preemption.
                    Move.of(
                            "load-and-interrupt",
                            15,
                            RootMoves::interrupt,
                            "mm.root.kernel",
                            "mm.root.user",
                            "mm.root.put",
                            "mm.unfinished.finish",
                            "mmuext_op"));

    private RootMoves() {}

    private static void load(Stage stage, int command) {
        int domain = stage.caller();
        if (domain == NONE) {
            return;
        }
        int vcpu = stage.vcpu(domain);
        for (int i = stage.chance().few(3); i > 0; i--) {
            add(stage, domain, vcpu, command);
        }
        stage.batch().send(domain, vcpu, Batch.MMUEXT_OP, Edges.SELF);
    }

    private static void add(Stage stage, int domain, int vcpu, int command) {
        Operand frame = root(stage, domain, vcpu, command == NEW_USER_BASEPTR);
        stage.batch().operation(command, frame, Operand.of(0));
    }

    private static Operand root(Stage stage, int domain, int vcpu, boolean user) {
        Chance chance = stage.chance();
        Vcpu state = stage.state(domain, vcpu);
        return switch (chance.below(12)) {
            case 0 ->
                    state != null && state.root().isDefined()
                            ? stage.number(state.root().get().value())
                            : Operand.of(0);
            case 1 ->
                    state != null && state.userRoot().isDefined()
                            ? stage.number(state.userRoot().get().value())
                            : Operand.of(0);
            case 2 -> Operand.of(0);
            case 3 -> stage.number(stage.someFrame(domain));
            case 4 -> stage.number(stage.frameOr(domain, Wanted.IDLE, Wanted.ANY));
            case 5 ->
                    user
                            ? Operand.of(0)
                            : stage.number(stage.frameOr(domain, Wanted.L4, Wanted.PARTIAL));
            default -> stage.number(stage.frameOr(domain, Wanted.L4, Wanted.IDLE));
        };
    }

    private static void interrupt(Stage stage) {
        Chance chance = stage.chance();
        int domain = stage.caller();
        if (domain == NONE) {
            return;
        }
        long top = Trees.buildWide(stage, domain, 4);
        if (top == NONE) {
            return;
        }
        int vcpu = stage.vcpu(domain);
        int command = chance.oneIn(2) ? NEW_BASEPTR : NEW_USER_BASEPTR;
        stage.batch().operation(command, stage.number(top), Operand.of(0));
        stage.batch()
                .send(
                        domain,
                        vcpu,
                        Batch.MMUEXT_OP,
                        Edges.SELF,
                        chance.oneIn(3) ? stage.abandoned() : stage.preempted());
        if (chance.oneIn(2)) {
            add(stage, domain, vcpu, command);
            stage.batch()
                    .send(
                            domain,
                            vcpu,
                            Batch.MMUEXT_OP,
                            Edges.SELF,
                            chance.oneIn(3) ? stage.abandoned() : stage.preempted());
        }
    }
}
