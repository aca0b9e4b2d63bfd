// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

import org.provisor.impl.cpu.CpuState;
import org.provisor.impl.cpu.Mxcsr;
import org.provisor.impl.cpu.Slots;
import org.provisor.impl.decode.Opcode;

import java.util.SplittableRandom;

/// What XMM registers and MXCSR hold: numbers at which something changes, as integers and as
/// floating-point numbers of both formats.
final class VectorValues {

    private static final int SINGLE_FRACTION = 23;
    private static final int DOUBLE_FRACTION = 52;

    private final SplittableRandom random;

    VectorValues(final SplittableRandom random) {
        this.random = random;
    }

    /// Whether an instruction works on XMM registers.
    static boolean uses(final Opcode row) {
        return row.meaning().startsWith("simd")
                || row.meaning().startsWith("lanes")
                || row.meaning().startsWith("pairs")
                || row.meaning().startsWith("shuffle")
                || row.meaning().startsWith("float")
                || row.meaning().startsWith("strings")
                || row.meaning().startsWith("insert")
                || row.meaning().startsWith("load_mxcsr");
    }

    void registers(final CpuState start, final Opcode first) {
        for (int i = Slots.XMM; i < Slots.XMM_END; i++) {
            start.set(i, value(first));
        }
        start.set(Slots.MXCSR, mxcsr());
    }

    /// 8 bytes for the memory that an instruction reads.
    long memory(final Opcode row) {
        if (row.mnemonic().equals("ldmxcsr")) {
            return chance(90) ? mxcsr() | random.nextLong() << 32 : random.nextLong();
        }
        return value(row);
    }

    private boolean chance(final int percent) {
        return random.nextInt(100) < percent;
    }

    private long value(final Opcode row) {
        if (row.meaning().startsWith("strings") && chance(80)) {
            return letters();
        }
        if (row.meaning().startsWith("lanes_shift") && chance(60)) {
            return random.nextInt(70);
        }
        if (row.meaning().startsWith("float") && chance(90)) {
            return row.mnemonic().endsWith("d") == chance(80) ? ofDouble() : ofSingles();
        }
        return any();
    }

    /// Two singles, or a double.
    long floats(final boolean singles) {
        return singles ? ofSingles() : ofDouble();
    }

    /// 8 bytes for any instruction.
    long any() {
        return switch (random.nextInt(4)) {
            case 0 -> ofSingles();
            case 1 -> ofDouble();
            case 2 -> random.nextLong();
            default -> Values.edge(random);
        };
    }

    /// Few different bytes, and zeros among them.
    private long letters() {
        final int most = 1 + random.nextInt(5);
        long value = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            final int letter = random.nextInt(12) == 0 ? 0 : 0x7e + random.nextInt(most);
            value = value << Byte.SIZE | letter;
        }
        return value;
    }

    /// MXCSR, in a quarter of all cases as it is once something was rounded.
    int mxcsr() {
        int mxcsr = Mxcsr.RESET;
        if (chance(25)) {
            return mxcsr | Mxcsr.PE;
        }
        mxcsr |= random.nextInt(4) << Mxcsr.ROUNDING_SHIFT;
        if (chance(60)) {
            mxcsr |= random.nextInt() & (Mxcsr.EXCEPTIONS | Mxcsr.DAZ | Mxcsr.FTZ);
        }
        if (chance(30)) {
            final int unmasked = chance(60) ? 1 << random.nextInt(6) : random.nextInt(64);
            mxcsr &= ~(unmasked << Mxcsr.MASK_SHIFT);
        }
        return mxcsr;
    }

    private long ofSingles() {
        return single() << Integer.SIZE | single();
    }

    private long single() {
        final long number = number(SINGLE_FRACTION, 8);
        return chance(15) ? Float.floatToRawIntBits(whole()) & 0xffffffffL : number;
    }

    private long ofDouble() {
        return chance(15) ? Double.doubleToRawLongBits(whole()) : number(DOUBLE_FRACTION, 11);
    }

    /// Near an integer, or half way between two.
    private float whole() {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt(16) - 8 + 0.5f * random.nextInt(2);
            case 1 -> random.nextInt(16) - 8 + (float) Math.scalb(1.0, -random.nextInt(40));
            case 2 -> (float) Values.edge(random);
            default -> random.nextInt() + 0.25f * random.nextInt(4);
        };
    }

    /// A number by its parts.
    private long number(final int fractionBits, final int exponentBits) {
        final long sign = (random.nextInt() & 1L) << (fractionBits + exponentBits);
        final int most = (1 << exponentBits) - 1;
        final int middle = most / 2;
        final long exponent =
                switch (random.nextInt(10)) {
                    case 0, 1 -> 0;
                    case 2 -> most;
                    case 3 -> 1 + random.nextInt(3);
                    case 4 -> most - 1 - random.nextInt(3);
                    case 5 -> random.nextInt(most);
                    // So that products and quotients come near the limits.
                    case 6 -> middle + (chance(50) ? middle : -middle) / 2 + random.nextInt(5) - 2;
                    default -> middle + random.nextInt(60) - 30;
                };
        final long all = (1L << fractionBits) - 1;
        final long fraction =
                switch (random.nextInt(6)) {
                    case 0 -> 0;
                    case 1 -> all & -random.nextInt(4);
                    case 2 -> random.nextInt(4);
                    case 3 -> all & 1L << random.nextInt(fractionBits);
                    case 4 -> all & random.nextLong() & random.nextLong() << random.nextInt(40);
                    default -> all & random.nextLong();
                };
        return sign | exponent << fractionBits | fraction;
    }
}
