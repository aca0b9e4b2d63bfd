// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.gen;

import static org.provisor.refine.gen.Stage.NONE;

import org.provisor.refine.program.Action;
import org.provisor.refine.program.Action.Cause;
import org.provisor.refine.program.CallMemory;
import org.provisor.refine.program.Operand;
import org.provisor.spec.state.Vcpu;

import java.util.List;

/// How kernels are entered: what they register for that, and what enters and leaves them.
final class KernelMoves {

    private static final int SET_TRAP_TABLE = 0;
    private static final int STACK_SWITCH = 3;
    private static final int SET_CALLBACKS = 4;
    private static final int FPU_TASKSWITCH = 5;
    private static final int SET_SEGMENT_BASE = 25;
    private static final int CALLBACK_OP = 30;

    private static final int IRET_WORDS = 9;
    private static final int IOPL_ASSIST = 4;

    private static final int[] VECTORS = {
        0, 1, 3, 4, 5, 6, 7, 10, 11, 12, 13, 14, 16, 17, 19, 2, 8, 9, 18, 32, 0x80, 0x80, 0x82, 255
    };

    private static final int[] RAISED = {
        0, 1, 3, 4, 5, 6, 7, 7, 10, 11, 12, 13, 14, 14, 16, 17, 19
    };

    private static final int[] SELECTORS = {0xE033, 0xE030, 0xE023, 0xE02B, 0, 3, 0x10, 0xFFFF};

    private static final int[] FLAGS = {
        0x100, 0x200, 0x400, 0x3000, 0x4000, 0x1_0000, 0x4_0000, 0x8D5
    };

    static final List<Move> ALL =
            List.of(
                    // Handlers for exceptions and interrupts.
                    Move.of(
                            "set-handlers",
                            20,
                            KernelMoves::handlers,
                            "pv.set-trap-table",
                            "pv.set-trap-table.entry",
                            "set_trap_table"),
                    // Where the kernel is entered for the rest, and its stack.
                    Move.of(
                            "set-callbacks",
                            20,
                            KernelMoves::callbacks,
                            "pv.set-callbacks",
                            "pv.callback-op",
                            "pv.callback.register",
                            "pv.callback.unregister",
                            "pv.stack-switch",
                            "set_callbacks",
                            "callback_op",
                            "stack_switch"),
                    // What a kernel's scheduler sets.
                    Move.of(
                            "switch-task",
                            15,
                            KernelMoves::task,
                            "pv.fpu-taskswitch",
                            "pv.set-segment-base",
                            "fpu_taskswitch",
                            "set_segment_base"),
                    // The kernel is entered, from where the vCPU is.
                    Move.of(
                            "enter-kernel",
                            25,
                            KernelMoves::enter,
                            "pv.bounce",
                            "pv.exception",
                            "pv.interrupt",
                            "pv.upcall"),
                    // The kernel is left for user mode and entered again.
                    Move.of(
                            "leave-kernel",
                            20,
                            KernelMoves::leave,
                            "pv.iret",
                            "pv.bounce",
                            "pv.user-syscall",
                            "pv.interrupt"));

    private KernelMoves() {}

    // Registering.

    private static void handlers(Stage stage) {
        int domain = stage.caller();
        if (domain != NONE) {
            handlers(stage, domain, stage.vcpu(domain));
        }
    }

    private static void handlers(Stage stage, int domain, int vcpu) {
        Chance chance = stage.chance();
        int count = chance.oneIn(8) ? 0 : chance.few(12);
        Operand[] words = new Operand[2 * count + 2];
        for (int i = 0; i < count; i++) {
            long vector = VECTORS[chance.below(VECTORS.length)];
            long flags = chance.oneIn(8) ? chance.below(256) : chance.below(8);
            words[2 * i] = Operand.of(vector | flags << 8 | selector(chance) << 16);
            words[2 * i + 1] = Operand.of(chance.oneIn(16) ? Edges.address(chance) : code(chance));
        }
        words[2 * count] = Operand.of(Edges.word(chance));
        words[2 * count + 1] = Operand.of(0);
        long list = chance.oneIn(24) ? 0 : stage.batch().anywhere(8 * words.length);
        Batch.write(stage, domain, list, words, words.length);
        stage.call(
                domain,
                vcpu,
                SET_TRAP_TABLE,
                List.of(Operand.of(list)),
                stage.stimulus(domain, list, words.length));
    }

    private static void callbacks(Stage stage) {
        Chance chance = stage.chance();
        int domain = stage.caller();
        if (domain == NONE) {
            return;
        }
        int vcpu = stage.vcpu(domain);
        for (int i = chance.few(4); i > 0; i--) {
            switch (chance.below(4)) {
                case 0 -> {
                    boolean refused = chance.oneIn(4);
                    stage.call(
                            domain,
                            vcpu,
                            SET_CALLBACKS,
                            List.of(
                                    address(chance, refused),
                                    address(chance, refused),
                                    address(chance, refused)));
                }
                case 1 -> stackSwitch(stage, domain, vcpu);
                default -> callback(stage, domain, vcpu);
            }
        }
    }

    private static void stackSwitch(Stage stage, int domain, int vcpu) {
        Chance chance = stage.chance();
        long segment = chance.oneIn(4) ? Edges.word(chance) : selector(chance);
        stage.call(
                domain,
                vcpu,
                STACK_SWITCH,
                List.of(Operand.of(segment), Operand.of(stack(chance))));
    }

    private static void callback(Stage stage, int domain, int vcpu) {
        Chance chance = stage.chance();
        long command = chance.oneIn(12) ? Edges.word(chance) : chance.below(4) == 0 ? 1 : 0;
        long type = chance.oneIn(12) ? chance.below(0x10000) : chance.below(9);
        long flags = chance.oneIn(12) ? chance.below(0x10000) : chance.below(2);
        Operand[] words = {Operand.of(type | flags << 16), address(chance)};
        long at = stage.batch().anywhere(16);
        Batch.write(stage, domain, at, words, words.length);
        stage.call(
                domain,
                vcpu,
                CALLBACK_OP,
                List.of(Operand.of(command), Operand.of(at)),
                stage.stimulus(domain, at, words.length));
    }

    private static void task(Stage stage) {
        Chance chance = stage.chance();
        int domain = stage.caller();
        if (domain == NONE) {
            return;
        }
        int vcpu = stage.vcpu(domain);
        for (int i = chance.few(4); i > 0; i--) {
            if (chance.oneIn(3)) {
                long set = chance.oneIn(4) ? Edges.word(chance) : chance.below(2);
                stage.call(domain, vcpu, FPU_TASKSWITCH, List.of(Operand.of(set)));
            } else {
                long which = chance.oneIn(8) ? Edges.word(chance) : chance.below(5);
                long base = chance.oneIn(2) ? Edges.address(chance) : Edges.word(chance);
                long nothing = (base & ~0xFFFFL) | chance.below(4);
                stage.call(
                        domain,
                        vcpu,
                        SET_SEGMENT_BASE,
                        List.of(
                                Operand.of(which),
                                Operand.of(which == 3 && chance.percent(80) ? nothing : base)));
            }
        }
    }

    private static long selector(Chance chance) {
        return chance.oneIn(8) ? chance.below(0x10000) : SELECTORS[chance.below(SELECTORS.length)];
    }

    /// Where code may begin.
    private static long code(Chance chance) {
        return 0x40_0000L + 16L * chance.below(0x1000);
    }

    /// @param refused whether it is one that is not canonical
    private static Operand address(Chance chance, boolean refused) {
        return refused ? Operand.of(chance.of(1L << 47, 1L << 63, -1L >>> 1)) : address(chance);
    }

    private static Operand address(Chance chance) {
        return Operand.of(
                chance.oneIn(8) ? Edges.address(chance) : chance.oneIn(6) ? 0 : code(chance));
    }

    // Entering.

    /// Where a stack may begin: mostly in the memory that can be written, near one of its ends, or
    /// where Xen's addresses begin or end.
    private static long stack(Chance chance) {
        long offset = 8L * (chance.below(33) - 16);
        return switch (chance.below(12)) {
            case 0 -> CallMemory.START + offset;
            case 1 -> CallMemory.START + 80 + offset;
            case 2 -> CallMemory.START + CallMemory.WRITABLE + offset;
            case 3 -> 0xFFFF_8000_0000_0000L + offset;
            case 4 -> 0xFFFF_8800_0000_0000L + offset;
            case 5 -> Edges.address(chance);
            case 6 -> (CallMemory.START + 0x1000) | 1L << 63;
            default -> CallMemory.START + 128 + chance.below(CallMemory.WRITABLE - 128);
        };
    }

    private static Action.Frame frame(Stage stage) {
        Chance chance = stage.chance();
        long flags = 0x202;
        for (int i = chance.below(4); i > 0; i--) {
            flags |= FLAGS[chance.below(FLAGS.length)];
        }
        return new Action.Frame(
                chance.oneIn(8) ? Edges.address(chance) : code(chance),
                (int) selector(chance),
                chance.oneIn(8) ? chance.bits() & 0x3F_FFFF : flags,
                stack(chance),
                (int) selector(chance),
                chance.bits(),
                chance.bits());
    }

    private static int mask(Chance chance) {
        return chance.oneIn(3) ? chance.of(1, 1, 0x80, 0xFF) : 0;
    }

    private static void enter(Stage stage) {
        Chance chance = stage.chance();
        int domain = stage.caller();
        if (domain == NONE) {
            return;
        }
        int vcpu = stage.vcpu(domain);
        if (chance.oneIn(2)) {
            handlers(stage, domain, vcpu);
        }
        if (chance.oneIn(4)) {
            callback(stage, domain, vcpu);
        }
        for (int i = chance.few(5); i > 0; i--) {
            arrive(
                    stage,
                    domain,
                    vcpu,
                    chance.of(
                            List.of(
                                    Cause.EXCEPTION,
                                    Cause.EXCEPTION,
                                    Cause.INTERRUPT,
                                    Cause.EVENTS)));
        }
    }

    private static void arrive(Stage stage, int domain, int vcpu, Cause cause) {
        Chance chance = stage.chance();
        int vector =
                cause == Cause.EXCEPTION
                        ? RAISED[chance.below(RAISED.length)]
                        : cause == Cause.INTERRUPT ? VECTORS[chance.below(VECTORS.length)] : 0;
        long code =
                switch (cause) {
                    case EXCEPTION -> chance.oneIn(2) ? chance.below(32) : Edges.word(chance);
                    case INTERRUPT -> chance.oneIn(4) ? 3 : 2;
                    case SYSCALL, EVENTS, IRET -> 0;
                };
        stage.act(
                new Action.Arrive(
                        domain,
                        vcpu,
                        cause,
                        vector,
                        code,
                        Edges.address(chance),
                        frame(stage),
                        mask(chance),
                        chance.percent(70)));
    }

    // Leaving.

    private static void leave(Stage stage) {
        Chance chance = stage.chance();
        int domain = stage.caller();
        if (domain == NONE) {
            return;
        }
        int vcpu = stage.vcpu(domain);
        Vcpu state = stage.state(domain, vcpu);
        if (state != null && state.userRoot().isEmpty() && chance.percent(70)) {
            TableMoves.load(stage, domain, vcpu, true);
        }
        if (chance.oneIn(3)) {
            handlers(stage, domain, vcpu);
        }
        if (chance.percent(60)) {
            callback(stage, domain, vcpu);
        }
        if (chance.percent(60)) {
            stackSwitch(stage, domain, vcpu);
        }
        if (chance.oneIn(6)) {
            AssistMoves.enable(stage, domain, vcpu, IOPL_ASSIST);
        }
        iret(stage, domain, vcpu);
        if (isUser(stage, domain, vcpu)) {
            arrive(stage, domain, vcpu, chance.of(List.of(Cause.values())));
        }
        for (int i = 0; i < 4 && isUser(stage, domain, vcpu); i++) {
            arrive(stage, domain, vcpu, i % 2 == 0 ? Cause.SYSCALL : Cause.EXCEPTION);
        }
    }

    private static boolean isUser(Stage stage, int domain, int vcpu) {
        Vcpu state = stage.state(domain, vcpu);
        return state != null && state.entry().userMode();
    }

    private static void iret(Stage stage, int domain, int vcpu) {
        Chance chance = stage.chance();
        Action.Frame target = frame(stage);
        long selector = chance.percent(60) ? target.cs() | 3 : target.cs();
        Operand[] words = {
            Operand.of(chance.bits()),
            Operand.of(chance.bits()),
            Operand.of(chance.bits()),
            Operand.of(chance.oneIn(2) ? 0x100 : chance.oneIn(4) ? Edges.word(chance) : 0),
            Operand.of(chance.oneIn(32) ? target.rip() : code(chance)),
            Operand.of(chance.oneIn(8) ? selector | chance.bits() << 16 : selector),
            Operand.of(
                    chance.oneIn(6)
                            ? chance.bits()
                            : target.rflags() ^ (long) chance.below(2) << 9),
            Operand.of(target.rsp()),
            Operand.of(target.ss())
        };
        long stack = stage.batch().anywhere(8 * IRET_WORDS);
        Batch.write(stage, domain, stack, words, IRET_WORDS);
        stage.act(
                new Action.Arrive(
                        domain,
                        vcpu,
                        Cause.IRET,
                        0,
                        0,
                        0,
                        new Action.Frame(0x40_0002L, 0xE033, 0x202, stack, 0xE02B, 0, 0),
                        mask(chance),
                        false));
    }
}
