// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.jit;

import org.objectweb.asm.Opcodes;
import org.provisor.impl.cpu.Mxcsr;
import org.provisor.impl.cpu.Slots;
import org.provisor.impl.ir.MicroCode;
import org.provisor.impl.ir.SimdOps;
import org.provisor.impl.ir.Widths;

/// Writes micro-operations on XMM registers, whose halves are in locals like other registers. MXCSR
/// and the exceptions met so far stay in memory, where what computes them finds them.
///
/// What is common is written out, or is a call of a method short enough for HotSpot to put it here;
/// what is rare is a call of what the interpreter calls too.
final class SimdWriter {

    private static final String LANES = "org/provisor/impl/ir/Lanes";
    private static final String PAIRS = "org/provisor/impl/ir/Pairs";
    private static final String FLOATS = "org/provisor/impl/ir/Floats";
    private static final String QUICK_FLOATS = "org/provisor/impl/ir/QuickFloats";

    private static final int HALF = Long.BYTES;
    private static final int WHOLE = 2 * Long.BYTES;

    private final Bytecode code;

    /// Whether it was found in this block that XMM registers may be used.
    private boolean available;

    SimdWriter(final Bytecode code) {
        this.code = code;
    }

    /// Begins a block.
    void begin() {
        available = false;
    }

    void write(final long word, final long immediate) {
        final int op = MicroCode.op(word);
        if (op < SimdOps.FIRST_PAIR) {
            lanes(word, immediate);
        } else if (op < SimdOps.FIRST_FLOAT) {
            pair(word, (int) immediate);
        } else if (op < SimdOps.FIRST_OTHER) {
            floats(word, immediate);
        } else {
            other(word);
        }
    }

    // Lanes.

    private void lanes(final long word, final long immediate) {
        final int op = MicroCode.op(word);
        final int size = MicroCode.size(word);
        final int a = MicroCode.a(word);
        final int b = MicroCode.b(word);
        final String name = lanesMethod(op);
        if (op == SimdOps.DEPOSIT) {
            deposit(word, (int) immediate);
            return;
        }
        if (op == SimdOps.EXTRACT) {
            code.get(a);
            code.number((int) immediate);
            code.op(Opcodes.LUSHR);
            code.mask(size);
        } else if (op == SimdOps.PMULUDQ) {
            both(a, b);
            code.call(LANES, "multiplyUnsigned", "(JJ)J");
        } else if (op == SimdOps.PMULL) {
            both(a, b);
            code.call(LANES, size == 1 ? "multiplyWords" : "multiplyDoublewords", "(JJ)J");
        } else if (name.isEmpty()) {
            code.number(op);
            code.number(size);
            both(a, b);
            code.longNumber(immediate);
            code.call(LANES, "value", "(IIJJJ)J");
        } else {
            code.number(size);
            both(a, b);
            code.call(LANES, name, "(IJJ)J");
        }
        code.put(MicroCode.d(word));
    }

    private static String lanesMethod(final int op) {
        return switch (op) {
            case SimdOps.PADD -> "add";
            case SimdOps.PSUB -> "subtract";
            case SimdOps.PADDUS -> "addUnsigned";
            case SimdOps.PSUBUS -> "subtractUnsigned";
            case SimdOps.PMINS -> "leastSigned";
            case SimdOps.PMINU -> "least";
            case SimdOps.PMAXS -> "greatestSigned";
            case SimdOps.PMAXU -> "greatest";
            case SimdOps.PCMPEQ -> "equal";
            case SimdOps.PCMPGT -> "greater";
            case SimdOps.PSLL -> "shiftLeft";
            case SimdOps.PSRL -> "shiftRight";
            case SimdOps.PSRA -> "shiftRightSigned";
            default -> "";
        };
    }

    private void deposit(final long word, final int bit) {
        final long mask = Widths.mask(MicroCode.size(word)) << bit;
        if (mask == -1) {
            code.get(MicroCode.b(word));
        } else {
            select(MicroCode.a(word), MicroCode.b(word), bit, mask);
        }
        code.put(MicroCode.d(word));
    }

    /// Leaves `b`, shifted, where the mask has bits, else `a`.
    private void select(final int a, final int b, final int shift, final long mask) {
        code.get(a);
        code.longNumber(~mask);
        code.op(Opcodes.LAND);
        code.get(b);
        if (shift != 0) {
            code.number(shift);
            code.op(Opcodes.LSHL);
        }
        code.longNumber(mask);
        code.op(Opcodes.LAND);
        code.op(Opcodes.LOR);
    }

    private void both(final int a, final int b) {
        code.get(a);
        code.get(b);
    }

    // Pairs.

    /// The low half may be read for the high one, so that it is put last.
    private void pair(final long word, final int immediate) {
        half(word, immediate, 0);
        code.putLong(Bytecode.VALUE);
        half(word, immediate, 1);
        code.put(MicroCode.d(word) + 1);
        code.getLong(Bytecode.VALUE);
        code.put(MicroCode.d(word));
    }

    /// Leaves one half.
    private void half(final long word, final int immediate, final int half) {
        final int op = MicroCode.op(word);
        final int size = MicroCode.size(word);
        final int a = MicroCode.a(word);
        final int b = MicroCode.b(word);
        final int from = half == 0 ? a : b;
        switch (op) {
            case SimdOps.SHUFPS -> {
                both(from, from + 1);
                code.number(immediate >> (4 * half) & 0xf);
                code.call(PAIRS, "doublewords", "(JJI)J");
            }
            case SimdOps.SHUFPD -> code.get(from + (immediate >> half & 1));
            case SimdOps.PSHUFLW, SimdOps.PSHUFHW -> {
                code.get(b + half);
                if (half == (op == SimdOps.PSHUFLW ? 0 : 1)) {
                    code.number(immediate);
                    code.call(PAIRS, "words", "(JI)J");
                }
            }
            case SimdOps.PSHUFB -> {
                both(a, a + 1);
                code.get(b + half);
                code.call(PAIRS, "pshufb", "(JJJ)J");
            }
            case SimdOps.PUNPCKL -> unpack(size, half, a, b);
            case SimdOps.PUNPCKH -> unpack(size, half, a + 1, b + 1);
            case SimdOps.PACKSS, SimdOps.PACKUS -> sized("pack", op, size, from);
            case SimdOps.PHADD, SimdOps.PHSUB, SimdOps.PHADDS, SimdOps.PHSUBS ->
                    sized("neighbours", op, size, from);
            case SimdOps.PSLLDQ -> {
                final int[] words = {Slots.ZERO, Slots.ZERO, a, a + 1};
                bytes(words, WHOLE - Math.min(immediate, WHOLE) + HALF * half);
            }
            case SimdOps.PSRLDQ -> bytes(new int[] {a, a + 1}, immediate + HALF * half);
            case SimdOps.PALIGNR -> bytes(new int[] {b, b + 1, a, a + 1}, immediate + HALF * half);
            case SimdOps.PMOVSX, SimdOps.PMOVZX -> {
                code.number(op);
                code.number(size);
                code.number(immediate);
                code.number(half);
                code.get(b);
                code.call(PAIRS, "extended", "(IIIIJ)J");
            }
            case SimdOps.BLEND ->
                    select(a + half, b + half, 0, lanes(size, immediate, half * (HALF >> size)));
            default -> {
                code.number(op);
                code.number(size);
                code.number(half);
                both(a, a + 1);
                both(b, b + 1);
                code.get(MicroCode.c(word) + (op == SimdOps.BLENDV ? half : 0));
                code.longNumber(immediate);
                code.call(PAIRS, "half", "(IIIJJJJJJ)J");
            }
        }
    }

    private void unpack(final int size, final int half, final int a, final int b) {
        if (size == 3) {
            code.get(half == 0 ? a : b);
            return;
        }
        code.number(size);
        code.number(half);
        both(a, b);
        code.call(PAIRS, "unpack", "(IIJJ)J");
    }

    private void sized(final String name, final int op, final int size, final int from) {
        code.number(op);
        code.number(size);
        both(from, from + 1);
        code.call(PAIRS, name, "(IIJJ)J");
    }

    /// Leaves 8 bytes of some words, behind which there are zeros.
    private void bytes(final int[] words, final int from) {
        final int first = from / HALF;
        final int shift = Byte.SIZE * (from % HALF);
        code.get(word(words, first));
        if (shift != 0) {
            code.number(shift);
            code.op(Opcodes.LUSHR);
            code.get(word(words, first + 1));
            code.number(Long.SIZE - shift);
            code.op(Opcodes.LSHL);
            code.op(Opcodes.LOR);
        }
    }

    private static int word(final int[] words, final int number) {
        return number < words.length ? words[number] : Slots.ZERO;
    }

    /// All bits of the lanes of 8 bytes for which a bit is set, from bit `first` on.
    private static long lanes(final int size, final int bits, final int first) {
        long mask = 0;
        for (int i = 0; i < HALF >> size; i++) {
            if ((bits >> (first + i) & 1) != 0) {
                mask |= Widths.mask(size) << (i * Widths.bits(size));
            }
        }
        return mask;
    }

    // Floats.

    private void floats(final long word, final long immediate) {
        final int op = MicroCode.op(word);
        final int kind = MicroCode.size(word);
        final String name = floatMethod(op, kind);
        if (op == SimdOps.FCOMPARE) {
            both(MicroCode.a(word), MicroCode.b(word));
            code.longNumber(immediate);
            code.getReference(Bytecode.SLOTS);
            code.call(
                    QUICK_FLOATS,
                    kind == SimdOps.DOUBLE ? "compareDouble" : "compareSingle",
                    "(JJJ[J)J");
        } else if (name.isEmpty()) {
            code.number(op);
            code.number(kind);
            both(MicroCode.a(word), MicroCode.b(word));
            code.longNumber(immediate);
            code.get(Slots.MXCSR);
            code.op(Opcodes.L2I);
            code.getReference(Bytecode.SLOTS);
            code.call(FLOATS, "value", "(IIJJJI[J)J");
        } else {
            both(MicroCode.a(word), MicroCode.b(word));
            code.getReference(Bytecode.SLOTS);
            code.call(QUICK_FLOATS, name, "(JJ[J)J");
        }
        code.put(MicroCode.d(word));
    }

    private static String floatMethod(final int op, final int kind) {
        final String name =
                switch (op) {
                    case SimdOps.FADD -> "add";
                    case SimdOps.FSUB -> "subtract";
                    case SimdOps.FMUL -> "multiply";
                    case SimdOps.FDIV -> "divide";
                    case SimdOps.FSQRT -> kind == SimdOps.DOUBLE ? "root" : "";
                    default -> "";
                };
        if (name.isEmpty()) {
            return name;
        }
        return name
                + switch (kind) {
                    case SimdOps.DOUBLE -> "Double";
                    case SimdOps.SINGLE -> "Single";
                    default -> "Singles";
                };
    }

    // Others.

    private void other(final long word) {
        final int size = MicroCode.size(word);
        final int a = MicroCode.a(word);
        final int b = MicroCode.b(word);
        switch (MicroCode.op(word)) {
            case SimdOps.AVAILABLE -> {
                if (!available) {
                    available = true;
                    unlessZero(Slots.TASK_SWITCHED, "notAvailable");
                }
            }
            case SimdOps.RAISE -> unlessZero(Slots.RAISED, "floatExceptions");
            case SimdOps.LDMXCSR -> {
                code.get(a);
                code.mask(2);
                code.putLong(Bytecode.VALUE);
                code.getLong(Bytecode.VALUE);
                code.longNumber(~(long) Mxcsr.ALL);
                code.op(Opcodes.LAND);
                code.op(Opcodes.LCONST_0);
                code.op(Opcodes.LCMP);
                code.serviceUnlessZero("generalProtection");
                code.getReference(Bytecode.SLOTS);
                code.number(Slots.MXCSR);
                code.getLong(Bytecode.VALUE);
                code.op(Opcodes.LASTORE);
            }
            case SimdOps.MOVMSK -> {
                code.number(size);
                both(a, a + 1);
                code.call(PAIRS, "movmsk", "(IJJ)J");
                code.put(MicroCode.d(word));
            }
            default -> {
                both(a, a + 1);
                both(b, b + 1);
                code.call(PAIRS, "ptest", "(JJJJ)J");
                code.put(MicroCode.d(word));
            }
        }
    }

    /// Calls a service unless a register that stays in memory is 0.
    private void unlessZero(final int slot, final String service) {
        code.getReference(Bytecode.SLOTS);
        code.number(slot);
        code.op(Opcodes.LALOAD);
        code.op(Opcodes.LCONST_0);
        code.op(Opcodes.LCMP);
        code.serviceUnlessZero(service);
    }
}
