// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.jit;

import org.objectweb.asm.Label;
import org.objectweb.asm.Opcodes;
import org.provisor.impl.cpu.Rflags;
import org.provisor.impl.ir.MicroOps;
import org.provisor.impl.ir.Widths;

/// Writes what keeps flags and looks at them. Of each place in the code it knows which kind the
/// flags are of there, as far as that is the same by whichever way one comes there.
final class FlagWriter {

    private static final String LAZY = Bytecode.PACKAGE + "LazyFlags";
    private static final String FLAGS = "org/provisor/impl/ir/Flags";
    private static final String SHIFTS = "org/provisor/impl/ir/Shifts";
    private static final String SEMANTICS = "org/provisor/impl/ir/Semantics";

    private final Bytecode code;

    private int kind = LazyFlags.UNKNOWN;

    FlagWriter(final Bytecode code) {
        this.code = code;
    }

    int kind() {
        return kind;
    }

    void setKind(final int newKind) {
        kind = newKind;
    }

    /// Notes that flags follow from what is in the locals for them.
    void become(final int newKind) {
        if (kind != newKind) {
            code.number(newKind);
            code.putInt(Bytecode.KIND);
            kind = newKind;
        }
    }

    private void all() {
        if (kind == LazyFlags.UNKNOWN) {
            code.getInt(Bytecode.KIND);
        } else {
            code.number(kind);
        }
        code.getLong(Bytecode.FLAG_A);
        code.getLong(Bytecode.FLAG_B);
        code.getLong(Bytecode.FLAG_RESULT);
        code.getLong(Bytecode.RFLAGS);
    }

    /// Has all flags in RFLAGS.
    void settle() {
        if (kind == LazyFlags.SETTLED) {
            return;
        }
        if (kind == LazyFlags.UNKNOWN) {
            all();
            code.call(LAZY, "settled", "(IJJJJ)J");
            code.putLong(Bytecode.RFLAGS);
        } else {
            now(
                    LazyFlags.op(kind),
                    LazyFlags.size(kind),
                    () -> {
                        code.getLong(Bytecode.FLAG_A);
                        code.getLong(Bytecode.FLAG_B);
                        code.op(Opcodes.LCONST_0);
                    });
        }
        become(LazyFlags.SETTLED);
    }

    /// Leaves CF on the stack, as a long.
    void carry() {
        if (kind == LazyFlags.SETTLED) {
            lowBit();
            return;
        }
        if (kind != LazyFlags.UNKNOWN) {
            final int size = LazyFlags.size(kind);
            switch (LazyFlags.op(kind)) {
                case MicroOps.INC, MicroOps.DEC -> {
                    lowBit();
                    return;
                }
                case MicroOps.AND, MicroOps.OR, MicroOps.XOR -> {
                    code.op(Opcodes.LCONST_0);
                    return;
                }
                case MicroOps.ADD -> {
                    below(size, Bytecode.FLAG_RESULT, Bytecode.FLAG_A);
                    return;
                }
                case MicroOps.SUB -> {
                    below(size, Bytecode.FLAG_A, Bytecode.FLAG_B);
                    return;
                }
                default -> {}
            }
        }
        all();
        code.call(LAZY, "carry", "(IJJJJ)J");
    }

    private void lowBit() {
        code.getLong(Bytecode.RFLAGS);
        code.op(Opcodes.LCONST_1);
        code.op(Opcodes.LAND);
    }

    /// Whether one local is below another, as 0 or 1.
    private void below(final int size, final int first, final int second) {
        upper(size, first);
        upper(size, second);
        code.call("java/lang/Long", "compareUnsigned", "(JJ)I");
        code.number(31);
        code.op(Opcodes.IUSHR);
        code.op(Opcodes.I2L);
    }

    /// A local's low bytes, moved to the upper end.
    private void upper(final int size, final int local) {
        code.getLong(local);
        if (size < 3) {
            code.number(Long.SIZE - Widths.bits(size));
            code.op(Opcodes.LSHL);
        }
    }

    /// Before `inc` and `dec`: keeps CF in RFLAGS.
    void keepCarry() {
        if (kind == LazyFlags.SETTLED
                || (kind != LazyFlags.UNKNOWN && LazyFlags.keepsCarry(LazyFlags.op(kind)))) {
            return;
        }
        carry();
        code.getLong(Bytecode.RFLAGS);
        code.longNumber(~(long) Rflags.CF);
        code.op(Opcodes.LAND);
        code.op(Opcodes.LOR);
        code.putLong(Bytecode.RFLAGS);
    }

    /// Computes the flags of an operation at once. RFLAGS is settled, as far as the operation looks
    /// at it; the result is where that of flags is kept.
    ///
    /// @param operands writes code that leaves the three operands on the stack
    void now(final int op, final int size, final Runnable operands) {
        code.getLong(Bytecode.RFLAGS);
        code.longNumber(~(long) Rflags.STATUS);
        code.op(Opcodes.LAND);
        status(op, size, operands);
        code.op(Opcodes.I2L);
        code.op(Opcodes.LOR);
        code.putLong(Bytecode.RFLAGS);
    }

    /// Leaves the status flags: of the usual operations by the method that `Semantics` would call
    /// too, which is small enough to become part of the region.
    ///
    /// @see org.provisor.impl.ir.Semantics#flags
    private void status(final int op, final int size, final Runnable operands) {
        switch (op) {
            case MicroOps.ADD, MicroOps.ADC -> sum("add", size, operands);
            case MicroOps.SUB, MicroOps.SBB -> sum("subtract", size, operands);
            case MicroOps.AND, MicroOps.OR, MicroOps.XOR -> {
                code.number(size);
                code.getLong(Bytecode.FLAG_RESULT);
                code.call(FLAGS, "ofResult", "(IJ)I");
            }
            case MicroOps.INC, MicroOps.DEC -> {
                code.number(size);
                operands.run();
                code.op(Opcodes.POP2);
                code.op(Opcodes.POP2);
                code.getLong(Bytecode.FLAG_RESULT);
                before();
                code.number(op == MicroOps.INC ? 1 : 0);
                code.call(FLAGS, "step", "(IJJIZ)I");
            }
            case MicroOps.SHL -> shifted("shlFlags", size, operands);
            case MicroOps.SHR -> shifted("shrFlags", size, operands);
            case MicroOps.SAR -> shifted("sarFlags", size, operands);
            case MicroOps.ROL -> shifted("rolFlags", size, operands);
            case MicroOps.ROR -> shifted("rorFlags", size, operands);
            default -> {
                code.number(op);
                code.number(size);
                operands.run();
                code.getLong(Bytecode.FLAG_RESULT);
                code.getLong(Bytecode.RFLAGS);
                code.op(Opcodes.L2I);
                code.call(SEMANTICS, "flags", "(IIJJJJI)I");
            }
        }
    }

    private void sum(final String name, final int size, final Runnable operands) {
        code.number(size);
        operands.run();
        code.op(Opcodes.POP2);
        code.getLong(Bytecode.FLAG_RESULT);
        code.call(FLAGS, name, "(IJJJ)I");
    }

    private void shifted(final String name, final int size, final Runnable operands) {
        code.number(size);
        operands.run();
        code.op(Opcodes.POP2);
        before();
        code.call(SHIFTS, name, "(IJJI)I");
    }

    /// Leaves the status flags of before.
    private void before() {
        code.getLong(Bytecode.RFLAGS);
        code.op(Opcodes.L2I);
        code.number(Rflags.STATUS);
        code.op(Opcodes.IAND);
    }

    // Conditions.

    /// Jumps if a condition holds, 0 to 15 as in opcodes.
    void jumpIf(final int condition, final Label label) {
        if (kind == LazyFlags.SETTLED) {
            settledJump(condition, label);
        } else if (kind == LazyFlags.UNKNOWN || !lazyJump(condition, label)) {
            code.number(condition);
            all();
            code.call(LAZY, "condition", "(IIJJJJ)Z");
            code.jump(Opcodes.IFNE, label);
        }
    }

    private void settledJump(final int condition, final Label label) {
        final int bit =
                switch (condition >> 1) {
                    case 0 -> Rflags.OF;
                    case 1 -> Rflags.CF;
                    case 2 -> Rflags.ZF;
                    case 3 -> Rflags.CF | Rflags.ZF;
                    case 4 -> Rflags.SF;
                    case 5 -> Rflags.PF;
                    default -> 0;
                };
        if (bit == 0) {
            code.number(condition);
            code.getLong(Bytecode.RFLAGS);
            code.call(FLAGS, "condition", "(IJ)Z");
            code.jump(Opcodes.IFNE, label);
            return;
        }
        code.getLong(Bytecode.RFLAGS);
        code.op(Opcodes.L2I);
        code.number(bit);
        code.op(Opcodes.IAND);
        code.jump((condition & 1) == 0 ? Opcodes.IFNE : Opcodes.IFEQ, label);
    }

    /// @return whether there is a way with the operands themselves
    private boolean lazyJump(final int condition, final Label label) {
        final int size = LazyFlags.size(kind);
        switch (LazyFlags.op(kind)) {
            case MicroOps.SUB -> {
                return difference(condition, size, label);
            }
            case MicroOps.AND, MicroOps.OR, MicroOps.XOR -> {
                return logic(condition, size, label);
            }
            case MicroOps.ADD -> {
                if (condition >> 1 == 1) {
                    below(size, Bytecode.FLAG_RESULT, Bytecode.FLAG_A);
                    code.op(Opcodes.L2I);
                    code.jump((condition & 1) == 0 ? Opcodes.IFNE : Opcodes.IFEQ, label);
                    return true;
                }
            }
            case MicroOps.ADC, MicroOps.SBB, MicroOps.NEG, MicroOps.INC, MicroOps.DEC -> {}
            case MicroOps.SHL, MicroOps.SHR, MicroOps.SAR -> {}
            default -> {
                return false;
            }
        }
        return switch (condition) {
            case 4, 5, 8, 9 -> logic(condition, size, label);
            default -> false;
        };
    }

    /// Of `a - b`.
    private boolean difference(final int condition, final int size, final Label label) {
        final int jump =
                switch (condition) {
                    case 2, 12 -> Opcodes.IFLT;
                    case 3, 13 -> Opcodes.IFGE;
                    case 4 -> Opcodes.IFEQ;
                    case 5 -> Opcodes.IFNE;
                    case 6, 14 -> Opcodes.IFLE;
                    case 7, 15 -> Opcodes.IFGT;
                    default -> 0;
                };
        if (jump == 0) {
            return (condition == 8 || condition == 9) && logic(condition, size, label);
        }
        final boolean unsigned = condition < 4 || condition == 6 || condition == 7;
        if (size == 2) {
            code.getLong(Bytecode.FLAG_A);
            code.op(Opcodes.L2I);
            code.getLong(Bytecode.FLAG_B);
            code.op(Opcodes.L2I);
            if (unsigned) {
                code.call("java/lang/Integer", "compareUnsigned", "(II)I");
                code.jump(jump, label);
            } else {
                code.jump(jump + (Opcodes.IF_ICMPEQ - Opcodes.IFEQ), label);
            }
            return true;
        }
        upper(size, Bytecode.FLAG_A);
        upper(size, Bytecode.FLAG_B);
        if (unsigned) {
            code.call("java/lang/Long", "compareUnsigned", "(JJ)I");
        } else {
            code.op(Opcodes.LCMP);
        }
        code.jump(jump, label);
        return true;
    }

    /// Of a result that left CF and OF clear.
    private boolean logic(final int condition, final int size, final Label label) {
        final int jump =
                switch (condition) {
                    case 4, 6 -> Opcodes.IFEQ;
                    case 5, 7 -> Opcodes.IFNE;
                    case 8, 12 -> Opcodes.IFLT;
                    case 9, 13 -> Opcodes.IFGE;
                    case 14 -> Opcodes.IFLE;
                    case 15 -> Opcodes.IFGT;
                    case 1, 3 -> Opcodes.GOTO;
                    case 0, 2 -> Opcodes.NOP;
                    default -> -1;
                };
        if (jump < 0) {
            return false;
        }
        if (jump == Opcodes.NOP) {
            return true;
        }
        if (jump == Opcodes.GOTO) {
            // Never left out: what follows has to be reachable.
            code.op(Opcodes.ICONST_0);
            code.jump(Opcodes.IFEQ, label);
            return true;
        }
        code.getLong(Bytecode.FLAG_RESULT);
        if (size == 3) {
            code.op(Opcodes.LCONST_0);
            code.op(Opcodes.LCMP);
        } else {
            code.op(Opcodes.L2I);
            if (size < 2) {
                code.number(Integer.SIZE - Widths.bits(size));
                code.op(Opcodes.ISHL);
            }
        }
        code.jump(jump, label);
        return true;
    }
}
