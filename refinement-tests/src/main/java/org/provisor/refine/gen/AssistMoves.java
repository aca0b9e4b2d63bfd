// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.gen;

import static org.provisor.refine.gen.Stage.NONE;

import org.provisor.refine.program.Operand;

import java.util.List;

/// `vm_assist`, and numbers of calls that Xen does not know or that are not specified.
final class AssistMoves {

    private static final int VM_ASSIST = 21;

    private static final int[] TYPES = {
        2, 2, 2, 32, 32, 32, 0, 0, 1, 1, 3, 3, 4, 4, 5, 5, 6, 31, 33
    };

    static final List<Move> ALL =
            List.of(
                    // Assists switched on and off.
                    Move.of("switch-assist", 25, AssistMoves::toggle, "mm.vm-assist", "vm_assist"),
                    // Any number of a call, with anything in the registers.
                    Move.of("any-call", 6, AssistMoves::anyCall, "hypercall.dispatch"));

    private AssistMoves() {}

    private static void toggle(Stage stage) {
        Chance chance = stage.chance();
        int domain = stage.caller();
        if (domain == NONE) {
            return;
        }
        for (int i = chance.few(6); i > 0; i--) {
            long type = chance.oneIn(8) ? Edges.word(chance) : TYPES[chance.below(TYPES.length)];
            long command = chance.oneIn(8) ? Edges.word(chance) : chance.below(2);
            call(stage, domain, stage.vcpu(domain), command, type);
        }
    }

    static void enable(Stage stage, int domain, int vcpu, int type) {
        call(stage, domain, vcpu, 0, type);
    }

    private static void call(Stage stage, int domain, int vcpu, long command, long type) {
        stage.call(domain, vcpu, VM_ASSIST, List.of(Operand.of(command), Operand.of(type)));
    }

    private static void anyCall(Stage stage) {
        Chance chance = stage.chance();
        int domain = stage.caller();
        if (domain == NONE) {
            return;
        }
        long number =
                switch (chance.below(3)) {
                    case 0 -> Edges.word(chance);
                    case 1 -> 0x1A | 1L << (32 + chance.below(32));
                    default -> chance.below(64);
                };
        stage.call(
                domain,
                stage.vcpu(domain),
                number,
                List.of(
                        Operand.of(Edges.word(chance)),
                        Operand.of(Edges.word(chance)),
                        Operand.of(Edges.word(chance)),
                        Operand.of(Edges.word(chance)),
                        Operand.of(Edges.word(chance))),
                stage.calm());
    }
}
