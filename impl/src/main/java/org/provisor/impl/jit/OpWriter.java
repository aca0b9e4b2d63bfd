// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.jit;

import org.objectweb.asm.Label;
import org.objectweb.asm.Opcodes;
import org.provisor.impl.cpu.Rflags;
import org.provisor.impl.cpu.Slots;
import org.provisor.impl.ir.MicroCode;
import org.provisor.impl.ir.MicroOps;
import org.provisor.impl.ir.Widths;

/// Writes micro-operations that do not leave the instruction: registers, flags and memory.
///
/// Where it jumps, nothing is on the stack.
final class OpWriter {

    private static final String SEMANTICS = "org/provisor/impl/ir/Semantics";
    private static final String PRODUCTS = "org/provisor/impl/ir/Products";
    private static final String SHIFTS = "org/provisor/impl/ir/Shifts";
    private static final String BITS = "org/provisor/impl/ir/Bits";

    private final Bytecode code;
    private final FlagWriter flags;
    private final MemoryWriter memory;

    OpWriter(final Bytecode code, final FlagWriter flags, final MemoryWriter memory) {
        this.code = code;
        this.flags = flags;
        this.memory = memory;
    }

    /// @param alive whether somebody may see the flags that it sets
    void write(final long word, final long immediate, final boolean alive) {
        final int op = MicroCode.op(word);
        final int size = MicroCode.size(word);
        final int d = MicroCode.d(word);
        final int a = MicroCode.a(word);
        final int b = MicroCode.b(word);
        final int c = MicroCode.c(word);
        if (a == Slots.RFLAGS || b == Slots.RFLAGS || c == Slots.RFLAGS) {
            flags.settle();
        }
        switch (op) {
            case MicroOps.CONST -> code.putConstant(d, immediate);
            case MicroOps.ZERO_EXTEND -> {
                code.get(a);
                code.mask(size);
                code.put(d);
            }
            case MicroOps.SIGN_EXTEND -> {
                code.get(a);
                code.signExtend(size);
                code.put(d);
            }
            case MicroOps.HIGH -> {
                code.get(a);
                code.number(8);
                code.op(Opcodes.LUSHR);
                code.mask(0);
                code.put(d);
            }
            case MicroOps.EQUAL -> {
                code.get(a);
                code.get(b);
                code.op(Opcodes.LXOR);
                truth(size, Opcodes.IFEQ, d);
            }
            case MicroOps.NONZERO -> {
                code.get(a);
                truth(size, Opcodes.IFNE, d);
            }
            case MicroOps.BOTH -> {
                code.get(a);
                code.get(b);
                code.op(Opcodes.LAND);
                code.put(d);
            }
            case MicroOps.CONDITION -> {
                final Label holds = new Label();
                flags.jumpIf((int) immediate, holds);
                truth(holds, d);
            }
            case MicroOps.BIT_ADDRESS -> sized(BITS, "bitAddress", size, a, b, d);
            case MicroOps.CRC32 -> sized(BITS, "crc32", size, a, b, d);
            case MicroOps.MOVE -> move(size, d, a);
            case MicroOps.SELECT -> {
                final Label second = new Label();
                final Label end = new Label();
                code.get(c);
                code.op(Opcodes.LCONST_0);
                code.op(Opcodes.LCMP);
                code.jump(Opcodes.IFEQ, second);
                select(second, end, a, b);
                code.put(d, size);
            }
            case MicroOps.ADDRESS -> address(size, d, a, b, c, immediate);
            case MicroOps.SET_HIGH -> {
                code.get(a);
                code.mask(0);
                code.number(8);
                code.op(Opcodes.LSHL);
                code.get(d);
                code.longNumber(~0xff00L);
                code.op(Opcodes.LAND);
                code.op(Opcodes.LOR);
                code.put(d);
            }
            case MicroOps.MOVE_IF -> {
                final Label not = new Label();
                if (code.isKnown(d)) {
                    code.get(d);
                    code.put(d);
                }
                code.get(c);
                code.op(Opcodes.LCONST_0);
                code.op(Opcodes.LCMP);
                code.jump(Opcodes.IFEQ, not);
                code.get(a);
                code.put(d, size);
                code.label(not);
            }
            case MicroOps.BSF, MicroOps.BSR -> scan(op, size, d, a, b);
            case MicroOps.BT -> {
                if (alive) {
                    flags.settle();
                    flags.now(op, size, () -> operands(a, b, c));
                }
            }
            case MicroOps.MUL, MicroOps.IMUL -> product(word, alive);
            case MicroOps.DIV, MicroOps.IDIV -> division(op, size, d, a, b, c);
            case MicroOps.LOAD,
                    MicroOps.LOAD_FOR_WRITE,
                    MicroOps.STORE,
                    MicroOps.COMPARE_AND_STORE,
                    MicroOps.COMPARE_AND_STORE_PAIR ->
                    memory.write(word);
            case MicroOps.ALIGNED -> {
                code.get(a);
                code.longNumber(immediate - 1);
                code.op(Opcodes.LAND);
                code.op(Opcodes.LCONST_0);
                code.op(Opcodes.LCMP);
                code.serviceUnlessZero("generalProtection");
            }
            case MicroOps.CANONICAL -> canonical(a);
            case MicroOps.FENCE -> memory.fence();
            case MicroOps.FLAGS_CLEAR -> changeFlags(immediate, ~immediate, Opcodes.LAND);
            case MicroOps.FLAGS_SET -> changeFlags(immediate, immediate, Opcodes.LOR);
            case MicroOps.FLAGS_FLIP -> changeFlags(immediate, immediate, Opcodes.LXOR);
            case MicroOps.FLAGS_FROM -> {
                settleIfStatus(immediate);
                code.getLong(Bytecode.RFLAGS);
                code.longNumber(~immediate);
                code.op(Opcodes.LAND);
                code.get(a);
                code.longNumber(immediate);
                code.op(Opcodes.LAND);
                code.op(Opcodes.LOR);
                code.putLong(Bytecode.RFLAGS);
            }
            case MicroOps.ADVANCE -> advance(size, d, a, immediate);
            default -> compute(word, immediate, alive);
        }
    }

    /// @param changed the flags that change
    /// @param by what they are combined with
    private void changeFlags(final long changed, final long by, final int opcode) {
        settleIfStatus(changed);
        code.getLong(Bytecode.RFLAGS);
        code.longNumber(by);
        code.op(opcode);
        code.putLong(Bytecode.RFLAGS);
    }

    private void settleIfStatus(final long immediate) {
        if (MicroSupport.touchesStatus(immediate)) {
            flags.settle();
        }
    }

    private void operands(final int a, final int b, final int c) {
        code.get(a);
        code.get(b);
        code.get(c);
    }

    private void move(final int size, final int d, final int a) {
        if (size == 3 && code.isKnown(a)) {
            code.putConstant(d, code.known(a));
        } else {
            code.get(a);
            code.put(d, size);
        }
    }

    private void sized(
            final String owner,
            final String name,
            final int size,
            final int a,
            final int b,
            final int d) {
        code.number(size);
        code.get(a);
        code.get(b);
        code.call(owner, name, "(IJJ)J");
        code.put(d);
    }

    /// `d` = whether what is on the stack is 0, or is not.
    private void truth(final int size, final int jump, final int d) {
        final Label holds = new Label();
        code.mask(size);
        code.op(Opcodes.LCONST_0);
        code.op(Opcodes.LCMP);
        code.jump(jump, holds);
        truth(holds, d);
    }

    private void truth(final Label holds, final int d) {
        final Label end = new Label();
        code.op(Opcodes.LCONST_0);
        code.put(d);
        code.jump(Opcodes.GOTO, end);
        code.label(holds);
        code.op(Opcodes.LCONST_1);
        code.put(d);
        code.label(end);
    }

    /// Leaves `a` on the stack, or `b` if one comes by `second`.
    private void select(final Label second, final Label end, final int a, final int b) {
        code.get(a);
        code.putLong(Bytecode.VALUE);
        code.jump(Opcodes.GOTO, end);
        code.label(second);
        code.get(b);
        code.putLong(Bytecode.VALUE);
        code.label(end);
        code.getLong(Bytecode.VALUE);
    }

    /// `d` = `a` or `b`, by a condition.
    void selectIf(final int condition, final long word) {
        final Label holds = new Label();
        flags.jumpIf(condition, holds);
        select(holds, new Label(), MicroCode.b(word), MicroCode.a(word));
        code.put(MicroCode.d(word), MicroCode.size(word));
    }

    private void address(
            final int size,
            final int d,
            final int a,
            final int b,
            final int shift,
            final long immediate) {
        long sum = immediate;
        boolean any = false;
        if (code.isKnown(a)) {
            sum += code.known(a);
        } else {
            code.get(a);
            any = true;
        }
        if (code.isKnown(b)) {
            sum += code.known(b) << shift;
        } else {
            code.get(b);
            if (shift != 0) {
                code.number(shift);
                code.op(Opcodes.LSHL);
            }
            if (any) {
                code.op(Opcodes.LADD);
            }
            any = true;
        }
        if (!any) {
            code.putConstant(d, Widths.merge(size, 0, sum));
            return;
        }
        if (sum != 0) {
            code.longNumber(sum);
            code.op(Opcodes.LADD);
        }
        code.put(d, size);
    }

    private void advance(final int size, final int d, final int a, final long immediate) {
        final Label down = new Label();
        final Label end = new Label();
        code.getLong(Bytecode.RFLAGS);
        code.op(Opcodes.L2I);
        code.number(Rflags.DF);
        code.op(Opcodes.IAND);
        code.jump(Opcodes.IFNE, down);
        code.longNumber(immediate);
        code.putLong(Bytecode.VALUE);
        code.jump(Opcodes.GOTO, end);
        code.label(down);
        code.longNumber(-immediate);
        code.putLong(Bytecode.VALUE);
        code.label(end);
        code.get(a);
        code.getLong(Bytecode.VALUE);
        code.op(Opcodes.LADD);
        code.put(d, size);
    }

    /// #GP unless `a` is a canonical address.
    void canonical(final int a) {
        if (code.isKnown(a) && code.known(a) << 16 >> 16 == code.known(a)) {
            return;
        }
        code.get(a);
        code.number(16);
        code.op(Opcodes.LSHL);
        code.number(16);
        code.op(Opcodes.LSHR);
        code.get(a);
        code.op(Opcodes.LCMP);
        code.serviceUnlessZero("generalProtection");
    }

    private void scan(final int op, final int size, final int d, final int a, final int b) {
        flags.settle();
        code.op(Opcodes.LCONST_0);
        code.putLong(Bytecode.FLAG_RESULT);
        code.get(a);
        code.putLong(Bytecode.FLAG_A);
        flags.now(
                op,
                size,
                () -> {
                    code.getLong(Bytecode.FLAG_A);
                    code.get(b);
                    code.op(Opcodes.LCONST_0);
                });
        final Label none = new Label();
        code.getLong(Bytecode.FLAG_A);
        code.mask(size);
        code.op(Opcodes.LCONST_0);
        code.op(Opcodes.LCMP);
        code.jump(Opcodes.IFEQ, none);
        code.number(op);
        code.number(size);
        code.getLong(Bytecode.FLAG_A);
        code.call(SEMANTICS, "found", "(IIJ)J");
        code.put(d, size);
        code.label(none);
    }

    private void product(final long word, final boolean alive) {
        final int op = MicroCode.op(word);
        final int size = MicroCode.size(word);
        final int a = MicroCode.a(word);
        final int b = MicroCode.b(word);
        final boolean signed = op == MicroOps.IMUL;
        code.get(a);
        code.putLong(Bytecode.VALUE);
        code.get(b);
        code.putLong(Bytecode.ADDRESS);
        if ((word & MicroCode.FLAGS) != 0 && alive) {
            code.getLong(Bytecode.VALUE);
            code.putLong(Bytecode.FLAG_A);
            code.getLong(Bytecode.ADDRESS);
            code.putLong(Bytecode.FLAG_B);
            flags.become(LazyFlags.kind(op, size));
        }
        code.number(size);
        code.getLong(Bytecode.VALUE);
        code.getLong(Bytecode.ADDRESS);
        code.call(PRODUCTS, signed ? "imulHigh" : "mulHigh", "(IJJ)J");
        code.put(MicroCode.c(word));
        code.getLong(Bytecode.VALUE);
        code.getLong(Bytecode.ADDRESS);
        code.op(Opcodes.LMUL);
        code.mask(size);
        code.put(MicroCode.d(word));
    }

    private void division(
            final int op, final int size, final int d, final int a, final int b, final int c) {
        final boolean signed = op == MicroOps.IDIV;
        code.number(size);
        code.get(c);
        if (signed) {
            code.get(a);
        }
        code.get(b);
        code.call(
                PRODUCTS, signed ? "canDivideSigned" : "canDivide", signed ? "(IJJJ)Z" : "(IJJ)Z");
        code.op(Opcodes.ICONST_1);
        code.op(Opcodes.IXOR);
        code.serviceUnlessZero("divideError");
        quotient(signed ? "quotientSigned" : "quotient", size, a, b, c);
        code.putLong(Bytecode.VALUE);
        quotient(signed ? "remainderSigned" : "remainder", size, a, b, c);
        code.put(c);
        code.getLong(Bytecode.VALUE);
        code.put(d);
    }

    private void quotient(
            final String name, final int size, final int a, final int b, final int c) {
        code.number(size);
        code.get(c);
        code.get(a);
        code.get(b);
        code.call(PRODUCTS, name, "(IJJJ)J");
    }

    // Values that may come with flags.

    private void compute(final long word, final long immediate, final boolean alive) {
        final int op = MicroCode.op(word);
        final int size = MicroCode.size(word);
        final int d = MicroCode.d(word);
        final int a = MicroCode.a(word);
        final int b = MicroCode.b(word);
        final int c = MicroCode.c(word);
        final boolean withFlags = (word & MicroCode.FLAGS) != 0 && alive && op != MicroOps.NOT;
        if (MicroSupport.valueNeedsFlags(op)) {
            flags.settle();
        }
        if (!withFlags) {
            carryIn(op);
            value(word, immediate, () -> code.get(a), () -> code.get(b));
            code.put(d, size);
            return;
        }
        if (isLazy(word)) {
            if (LazyFlags.keepsCarry(op)) {
                flags.keepCarry();
            }
            carryIn(op);
            code.get(a);
            code.putLong(Bytecode.FLAG_A);
            if (usesB(op)) {
                code.get(b);
                code.putLong(Bytecode.FLAG_B);
            }
            value(
                    word,
                    immediate,
                    () -> code.getLong(Bytecode.FLAG_A),
                    () -> code.getLong(Bytecode.FLAG_B));
            code.putLong(Bytecode.FLAG_RESULT);
            flags.become(LazyFlags.kind(op, size));
        } else {
            flags.settle();
            value(word, immediate, () -> code.get(a), () -> code.get(b));
            code.putLong(Bytecode.FLAG_RESULT);
            flags.now(op, size, () -> operands(a, b, c));
        }
        code.getLong(Bytecode.FLAG_RESULT);
        code.put(d, size);
    }

    /// A shift by a constant that is not 0 sets all flags.
    private boolean isLazy(final long word) {
        final int op = MicroCode.op(word);
        final int b = MicroCode.b(word);
        return switch (op) {
            case MicroOps.SHL, MicroOps.SHR, MicroOps.SAR ->
                    code.isKnown(b) && shift(MicroCode.size(word), code.known(b)) != 0;
            default -> LazyFlags.isLazy(op);
        };
    }

    private static int shift(final int size, final long count) {
        return (int) count & (size == 3 ? 63 : 31);
    }

    private static boolean usesB(final int op) {
        return switch (op) {
            case MicroOps.INC,
                    MicroOps.DEC,
                    MicroOps.NEG,
                    MicroOps.LZCNT,
                    MicroOps.TZCNT,
                    MicroOps.POPCNT,
                    MicroOps.BLSR,
                    MicroOps.BLSMSK,
                    MicroOps.BLSI ->
                    false;
            default -> true;
        };
    }

    private void carryIn(final int op) {
        if (op == MicroOps.ADC || op == MicroOps.SBB) {
            flags.carry();
            code.putLong(Bytecode.VALUE);
        }
    }

    /// Leaves the value on the stack.
    private void value(final long word, final long immediate, final Runnable a, final Runnable b) {
        final int op = MicroCode.op(word);
        final int size = MicroCode.size(word);
        switch (op) {
            case MicroOps.ADD, MicroOps.SUM -> two(a, b, Opcodes.LADD);
            case MicroOps.SUB, MicroOps.DIFFERENCE -> two(a, b, Opcodes.LSUB);
            case MicroOps.AND -> two(a, b, Opcodes.LAND);
            case MicroOps.OR -> two(a, b, Opcodes.LOR);
            case MicroOps.XOR -> two(a, b, Opcodes.LXOR);
            case MicroOps.ADC -> {
                two(a, b, Opcodes.LADD);
                code.getLong(Bytecode.VALUE);
                code.op(Opcodes.LADD);
            }
            case MicroOps.SBB -> {
                two(a, b, Opcodes.LSUB);
                code.getLong(Bytecode.VALUE);
                code.op(Opcodes.LSUB);
            }
            case MicroOps.INC -> {
                a.run();
                code.op(Opcodes.LCONST_1);
                code.op(Opcodes.LADD);
            }
            case MicroOps.DEC -> {
                a.run();
                code.op(Opcodes.LCONST_1);
                code.op(Opcodes.LSUB);
            }
            case MicroOps.NEG -> {
                a.run();
                code.op(Opcodes.LNEG);
            }
            case MicroOps.NOT -> {
                a.run();
                code.longNumber(-1);
                code.op(Opcodes.LXOR);
            }
            case MicroOps.ANDN -> {
                a.run();
                code.longNumber(-1);
                code.op(Opcodes.LXOR);
                b.run();
                code.op(Opcodes.LAND);
            }
            case MicroOps.MULTIPLY -> {
                two(a, b, Opcodes.LMUL);
                code.mask(size);
            }
            case MicroOps.SHL, MicroOps.SHR, MicroOps.SAR -> shifted(word, a, b);
            case MicroOps.ROL -> sized("rol", size, a, b);
            case MicroOps.ROR -> sized("ror", size, a, b);
            default -> {
                code.number(op);
                code.number(size);
                a.run();
                b.run();
                code.get(MicroCode.c(word));
                code.longNumber(immediate);
                code.getLong(Bytecode.RFLAGS);
                code.op(Opcodes.L2I);
                code.call(SEMANTICS, "value", "(IIJJJJI)J");
            }
        }
    }

    private void sized(final String name, final int size, final Runnable a, final Runnable b) {
        code.number(size);
        a.run();
        b.run();
        code.call(SHIFTS, name, "(IJJ)J");
    }

    private void two(final Runnable a, final Runnable b, final int opcode) {
        a.run();
        b.run();
        code.op(opcode);
    }

    private void shifted(final long word, final Runnable a, final Runnable b) {
        final int op = MicroCode.op(word);
        final int size = MicroCode.size(word);
        a.run();
        if (op == MicroOps.SAR) {
            code.signExtend(size);
        } else if (op == MicroOps.SHR) {
            code.mask(size);
        }
        final int slot = MicroCode.b(word);
        if (code.isKnown(slot)) {
            code.number(shift(size, code.known(slot)));
        } else {
            b.run();
            code.op(Opcodes.L2I);
            code.number(size == 3 ? 63 : 31);
            code.op(Opcodes.IAND);
        }
        code.op(
                switch (op) {
                    case MicroOps.SHL -> Opcodes.LSHL;
                    case MicroOps.SHR -> Opcodes.LUSHR;
                    default -> Opcodes.LSHR;
                });
        code.mask(size);
    }
}
