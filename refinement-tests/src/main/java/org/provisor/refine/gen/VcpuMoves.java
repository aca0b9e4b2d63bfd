// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.gen;

import static org.provisor.refine.gen.Stage.NONE;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.program.Action.Stimulus;
import org.provisor.refine.program.CallMemory;
import org.provisor.refine.program.Operand;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Vcpu;
import org.provisor.spec.state.VcpuLife;

import java.util.Arrays;
import java.util.List;

/// vCPUs that others set up, have run, and stop.
final class VcpuMoves {

    private static final int VCPU_OP = 24;
    private static final int INITIALISE = 0;
    private static final int UP = 1;
    private static final int DOWN = 2;
    private static final int IS_UP = 3;

    /// Commands whose answers are specified whatever they are asked for.
    private static final int[] COMMANDS = {UP, UP, UP, DOWN, IS_UP, IS_UP, 7, 9};

    // Where words are in what a vCPU starts with, see `struct vcpu_guest_context`.

    private static final int WORDS = 646;
    private static final int FLAGS = 64;
    private static final int RIP = 81;
    private static final int RFLAGS = 83;
    private static final int RSP = 84;
    private static final int FS = 88;
    private static final int GS = 89;
    private static final int TRAPS = 90;
    private static final int LDT_BASE = 602;
    private static final int LDT_ENTRIES = 603;
    private static final int GDT_FRAMES = 604;
    private static final int GDT_ENTRIES = 620;
    private static final int KERNEL_SS = 621;
    private static final int KERNEL_SP = 622;
    private static final int CONTROL = 623;
    private static final int EVENT_CALLBACK = 639;
    private static final int FAILSAFE_CALLBACK = 640;
    private static final int SYSCALL_CALLBACK = 641;
    private static final int FS_BASE = 643;
    private static final int GS_BASE_KERNEL = 644;
    private static final int GS_BASE_USER = 645;

    private static final int IN_KERNEL = 1 << 2;
    private static final int ONLINE = 1 << 5;

    /// Those that have to be canonical.
    private static final int[] ADDRESSES = {
        RIP,
        RSP,
        KERNEL_SP,
        EVENT_CALLBACK,
        FAILSAFE_CALLBACK,
        SYSCALL_CALLBACK,
        FS_BASE,
        GS_BASE_KERNEL,
        GS_BASE_USER,
        TRAPS + 1,
        TRAPS + 511
    };

    /// Where it ends as late as it can, most of it is where no other call is handed anything.
    private static final long LAST = CallMemory.START + CallMemory.READABLE - 8L * WORDS;

    private static final long[] GDT_COUNTS = {
        1, 1, 511, 512, 513, 1025, 7168, 7169, -1, -512, 1L << 32, 1L << 41, (1L << 41) + 1
    };

    static final List<Move> ALL =
            List.of(
                    // A vCPU is said what it starts with, and perhaps brought up.
                    Move.of(
                            "initialise-vcpu",
                            25,
                            VcpuMoves::initialise,
                            "pv.vcpu-op",
                            "pv.vcpu-op.initialise",
                            "pv.vcpu-op.context",
                            "mm.vcpu.take-tables",
                            "mm.vcpu.take-root",
                            "mm.vcpu.take-user-root",
                            "vcpu_op"),
                    // vCPUs are brought up and down, and asked about.
                    Move.of(
                            "up-and-down",
                            10,
                            VcpuMoves::upAndDown,
                            "pv.vcpu-op",
                            "pv.vcpu-op.up",
                            "pv.vcpu-op.down",
                            "vcpu_op"));

    private VcpuMoves() {}

    private static void call(Stage stage, int domain, long command, long vcpu, long argument) {
        stage.call(
                domain,
                stage.vcpu(domain),
                VCPU_OP,
                List.of(Operand.of(command), Operand.of(vcpu), Operand.of(argument)));
    }

    private static long anyVcpu(Stage stage, int domain) {
        Chance chance = stage.chance();
        Domain state = stage.domain(domain);
        int count = state == null ? 1 : state.vcpus().size();
        return chance.oneIn(16)
                ? chance.of(count, 32, 0xFFFF_FFFFL, Edges.word(chance))
                : chance.below(Math.max(1, count)) | (chance.oneIn(16) ? 1L << 32 : 0);
    }

    private static void upAndDown(Stage stage) {
        Chance chance = stage.chance();
        int domain = stage.caller();
        if (domain == NONE) {
            return;
        }
        for (int i = chance.few(4); i > 0 && stage.runs(domain); i--) {
            long command =
                    chance.oneIn(24)
                            ? chance.of(14, 15, 77, 0xFFFF_FFFFL, 1L << 32 | IS_UP)
                            : COMMANDS[chance.below(COMMANDS.length)];
            call(stage, domain, command, anyVcpu(stage, domain), Edges.word(chance));
        }
        // Few programs are about vCPUs that do not run.
        for (int vcpu = 0; vcpu < 3 && chance.percent(80); vcpu++) {
            Vcpu state = stage.state(domain, vcpu);
            if (state != null && state.life() == VcpuLife.DOWN && stage.runs(domain)) {
                call(stage, domain, UP, vcpu, 0);
            }
        }
    }

    private static void initialise(Stage stage) {
        Chance chance = stage.chance();
        int domain = stage.caller();
        if (domain == NONE) {
            return;
        }
        int waiting = uninitialised(stage, domain);
        int other = stage.other(domain);
        if (waiting == NONE && other != NONE && stage.runs(other)) {
            domain = other;
            waiting = uninitialised(stage, domain);
        }
        long who = waiting == NONE || chance.oneIn(12) ? anyVcpu(stage, domain) : waiting;
        int times = waiting == NONE ? 1 : chance.few(3);
        for (int i = 0; i < times; i++) {
            attempt(stage, domain, who);
        }
        if (chance.oneIn(2)) {
            call(stage, domain, chance.oneIn(4) ? IS_UP : UP, who, 0);
        }
    }

    private static int uninitialised(Stage stage, int domain) {
        Domain state = stage.domain(domain);
        if (state == null) {
            return NONE;
        }
        for (int vcpu = 0; vcpu < state.vcpus().size(); vcpu++) {
            if (state.vcpus().get(vcpu).life() == VcpuLife.UNINITIALISED) {
                return vcpu;
            }
        }
        return NONE;
    }

    private static void attempt(Stage stage, int domain, long who) {
        Chance chance = stage.chance();
        Operand[] words = new Operand[WORDS];
        Arrays.fill(words, Operand.of(0));
        fill(stage, words);
        tables(stage, domain, words);
        long at = chance.oneIn(24) ? stage.batch().anywhere(8 * WORDS) : LAST;
        Batch.write(stage, domain, at, words, WORDS);
        Stimulus stimulus =
                switch (chance.below(8)) {
                    case 0, 1 -> stage.preempted();
                    case 2 -> stage.abandoned();
                    default -> stage.stimulus(domain, at, WORDS);
                };
        stage.call(
                domain,
                stage.vcpu(domain),
                VCPU_OP,
                List.of(Operand.of(INITIALISE), Operand.of(who), Operand.of(at)),
                stimulus);
    }

    private static void fill(Stage stage, Operand[] words) {
        Chance chance = stage.chance();
        for (int at : ADDRESSES) {
            words[at] = Operand.of(16L * chance.below(0x1_0000));
        }
        if (chance.oneIn(16)) {
            words[ADDRESSES[chance.below(ADDRESSES.length)]] =
                    Operand.of(chance.of(1L << 47, 1L << 63, -1L << 47));
        }
        for (int i = chance.below(4); i > 0; i--) {
            int vector = chance.below(256);
            words[TRAPS + 2 * vector] = Operand.of(chance.bits());
            words[TRAPS + 2 * vector + 1] = Operand.of(16L * chance.below(0x1000));
        }
        words[RFLAGS] = Operand.of(chance.oneIn(2) ? chance.bits() : 0x202);
        words[KERNEL_SS] = Operand.of(chance.oneIn(2) ? chance.bits() : 0xE02B);
        words[CONTROL] = Operand.of(chance.oneIn(2) ? chance.bits() : 0);
        if (chance.oneIn(2)) {
            words[LDT_BASE] = Operand.of(0x1000L * chance.below(16));
            words[LDT_ENTRIES] = Operand.of(chance.below(3));
        }
        if (chance.oneIn(24)) {
            words[LDT_BASE] = Operand.of(Edges.address(chance));
        }
        if (chance.oneIn(24)) {
            words[LDT_ENTRIES] = Operand.of(chance.of(8192, 8193, -1, 1L << 32));
        }
        words[chance.oneIn(2) ? FS : GS] = Operand.of(chance.below(4));
    }

    private static void tables(Stage stage, int domain, Operand[] words) {
        Chance chance = stage.chance();
        if (chance.oneIn(2)) {
            long count =
                    chance.percent(60)
                            ? 1 + chance.below(2)
                            : GDT_COUNTS[chance.below(GDT_COUNTS.length)];
            words[GDT_ENTRIES] = Operand.of(count);
            for (int frame = 0; frame < 14; frame++) {
                words[GDT_FRAMES + frame] = descriptors(stage, domain);
            }
        }
        boolean user = chance.oneIn(2);
        boolean kernel = !user || chance.oneIn(2);
        int flags = (kernel ? IN_KERNEL : 0) | (chance.oneIn(2) ? ONLINE : 0);
        words[FLAGS] = Operand.of(chance.oneIn(4) ? flags | (chance.bits() & ~4L) : flags);
        words[CONTROL + 3] = root(stage, domain, 0);
        if (user && !chance.oneIn(16)) {
            words[CONTROL + 1] = root(stage, domain, chance.oneIn(8) ? chance.below(4096) : 0);
        }
        if (chance.oneIn(32)) {
            words[CONTROL + 1] = Operand.of(1 + chance.below(4095));
        }
    }

    private static Operand descriptors(Stage stage, int domain) {
        Chance chance = stage.chance();
        return stage.number(
                chance.oneIn(16)
                        ? stage.someFrame(domain)
                        : stage.frameOr(domain, Wanted.DESCRIPTORS, Wanted.UNUSED));
    }

    private static Operand root(Stage stage, int domain, long low) {
        Chance chance = stage.chance();
        @Nullable Operand held = held(stage, domain);
        long mfn =
                switch (chance.below(12)) {
                    case 0 -> stage.someFrame(domain);
                    case 1, 2 -> Trees.buildWide(stage, domain, 4);
                    case 3 -> stage.frameOr(domain, Wanted.PARTIAL, Wanted.L4);
                    case 4, 5 -> stage.frameOr(domain, Wanted.UNUSED, Wanted.IDLE);
                    default -> stage.frameOr(domain, Wanted.L4, Wanted.IDLE);
                };
        if (held != null && chance.oneIn(3)) {
            return held;
        }
        return stage.address(mfn == NONE ? stage.someFrame(domain) : mfn, low);
    }

    /// What an attempt left of a root.
    private static @Nullable Operand held(Stage stage, int domain) {
        int waiting = uninitialised(stage, domain);
        Vcpu state = waiting == NONE ? null : stage.state(domain, waiting);
        return state == null || state.unfinished().isEmpty()
                ? null
                : stage.address(state.unfinished().get().table().value(), 0);
    }
}
