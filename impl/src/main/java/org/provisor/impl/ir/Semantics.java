// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.ir;

import org.provisor.impl.cpu.Rflags;

/// What the micro-operations compute: the value of each, and its flags. This is where each has its
/// one meaning; an engine that does not call these methods has to compute the same.
public final class Semantics {

    private Semantics() {}

    /// What goes to `d`.
    ///
    /// @param op one for which [MicroOps#isValue] holds
    /// @param flags RFLAGS before
    public static long value(
            final int op,
            final int size,
            final long a,
            final long b,
            final long c,
            final long immediate,
            final int flags) {
        if (op < MicroOps.FIRST_MERGED) {
            return whole(op, size, a, b, immediate, flags);
        }
        return switch (op) {
            case MicroOps.MOVE -> a;
            case MicroOps.SELECT -> c != 0 ? a : b;
            case MicroOps.ADDRESS -> a + (b << c) + immediate;
            case MicroOps.SUM, MicroOps.ADD -> a + b;
            case MicroOps.DIFFERENCE, MicroOps.SUB -> a - b;
            case MicroOps.ADC, MicroOps.ADCX -> a + b + (flags & Rflags.CF);
            case MicroOps.ADOX -> a + b + ((flags & Rflags.OF) == 0 ? 0 : 1);
            case MicroOps.SBB -> a - b - (flags & Rflags.CF);
            case MicroOps.AND -> a & b;
            case MicroOps.OR -> a | b;
            case MicroOps.XOR -> a ^ b;
            case MicroOps.INC -> a + 1;
            case MicroOps.DEC -> a - 1;
            case MicroOps.NEG -> -a;
            case MicroOps.NOT -> ~a;
            case MicroOps.MULTIPLY -> Products.low(size, a, b);
            case MicroOps.BTS -> a | Bits.bit(size, b);
            case MicroOps.BTR -> a & ~Bits.bit(size, b);
            case MicroOps.BTC -> a ^ Bits.bit(size, b);
            default -> shifted(op, size, a, b, c, flags);
        };
    }

    private static long whole(
            final int op,
            final int size,
            final long a,
            final long b,
            final long immediate,
            final int flags) {
        return switch (op) {
            case MicroOps.CONST -> immediate;
            case MicroOps.ZERO_EXTEND -> Widths.zeroExtend(size, a);
            case MicroOps.SIGN_EXTEND -> Widths.signExtend(size, a);
            case MicroOps.HIGH -> a >>> 8 & 0xff;
            case MicroOps.EQUAL -> Widths.zeroExtend(size, a ^ b) == 0 ? 1 : 0;
            case MicroOps.NONZERO -> Widths.zeroExtend(size, a) != 0 ? 1 : 0;
            case MicroOps.BOTH -> a & b;
            case MicroOps.CONDITION -> Flags.condition((int) immediate, flags) ? 1 : 0;
            case MicroOps.BIT_ADDRESS -> Bits.bitAddress(size, a, b);
            case MicroOps.CRC32 -> Bits.crc32(size, a, b);
            default -> throw new IllegalArgumentException(MicroOps.name(op));
        };
    }

    private static long shifted(
            final int op,
            final int size,
            final long a,
            final long b,
            final long c,
            final int flags) {
        return switch (op) {
            case MicroOps.ROL -> Shifts.rol(size, a, b);
            case MicroOps.ROR -> Shifts.ror(size, a, b);
            case MicroOps.RCL -> Shifts.rcl(size, a, b, flags);
            case MicroOps.RCR -> Shifts.rcr(size, a, b, flags);
            case MicroOps.SHL -> Shifts.shl(size, a, b);
            case MicroOps.SHR -> Shifts.shr(size, a, b);
            case MicroOps.SAR -> Shifts.sar(size, a, b);
            case MicroOps.SHLD -> Shifts.shld(size, a, b, c);
            case MicroOps.SHRD -> Shifts.shrd(size, a, b, c);
            default -> bits(op, size, a, b);
        };
    }

    private static long bits(final int op, final int size, final long a, final long b) {
        return switch (op) {
            case MicroOps.LZCNT -> Bits.lzcnt(size, a);
            case MicroOps.TZCNT -> Bits.tzcnt(size, a);
            case MicroOps.POPCNT -> Bits.popcnt(size, a);
            case MicroOps.BSWAP -> Bits.bswap(size, a);
            case MicroOps.REVERSE -> Bits.reversed(size, a);
            case MicroOps.ANDN -> ~a & b;
            case MicroOps.BLSR -> a & a - 1;
            case MicroOps.BLSMSK -> a ^ a - 1;
            case MicroOps.BLSI -> a & -a;
            case MicroOps.BEXTR -> Bits.bextr(size, a, b);
            case MicroOps.BZHI -> Bits.bzhi(size, a, b);
            case MicroOps.PEXT -> Bits.pext(size, a, b);
            case MicroOps.PDEP -> Bits.pdep(size, a, b);
            default -> throw new IllegalArgumentException(MicroOps.name(op));
        };
    }

    /// What `bsf` and `bsr` find in something that is not 0.
    public static long found(final int op, final int size, final long a) {
        return op == MicroOps.BSF ? Bits.bsf(size, a) : Bits.bsr(size, a);
    }

    /// The status flags after.
    ///
    /// @param result what [#value] returned, or what was written to `d`
    /// @param flags RFLAGS before
    /// @return all six status flags, and no others
    public static int flags(
            final int op,
            final int size,
            final long a,
            final long b,
            final long c,
            final long result,
            final int flags) {
        final int before = flags & Rflags.STATUS;
        return switch (op) {
            case MicroOps.ADD, MicroOps.ADC -> Flags.add(size, a, b, result);
            case MicroOps.SUB, MicroOps.SBB -> Flags.subtract(size, a, b, result);
            case MicroOps.NEG -> Flags.subtract(size, 0, a, result);
            case MicroOps.AND, MicroOps.OR, MicroOps.XOR -> Flags.ofResult(size, result);
            case MicroOps.INC -> Flags.step(size, a, result, before, true);
            case MicroOps.DEC -> Flags.step(size, a, result, before, false);
            case MicroOps.NOT -> before;
            case MicroOps.MUL -> Products.mulFlags(size, a, b);
            case MicroOps.IMUL, MicroOps.MULTIPLY -> Products.imulFlags(size, a, b);
            case MicroOps.BT, MicroOps.BTS, MicroOps.BTR, MicroOps.BTC ->
                    (before & ~Rflags.CF) | Flags.bit((a & Bits.bit(size, b)) != 0, Rflags.CF);
            case MicroOps.BSF, MicroOps.BSR ->
                    (before & ~Rflags.ZF) | Flags.bit(Widths.zeroExtend(size, a) == 0, Rflags.ZF);
            case MicroOps.ADCX ->
                    (before & ~Rflags.CF) | (Flags.add(size, a, b, result) & Rflags.CF);
            case MicroOps.ADOX ->
                    (before & ~Rflags.OF)
                            | Flags.bit(
                                    (Flags.add(size, a, b, result) & Rflags.CF) != 0, Rflags.OF);
            default -> otherFlags(op, size, a, b, c, result, before);
        };
    }

    private static int otherFlags(
            final int op,
            final int size,
            final long a,
            final long b,
            final long c,
            final long result,
            final int before) {
        return switch (op) {
            case MicroOps.ROL -> Shifts.rolFlags(size, a, b, before);
            case MicroOps.ROR -> Shifts.rorFlags(size, a, b, before);
            case MicroOps.RCL -> Shifts.rclFlags(size, a, b, before);
            case MicroOps.RCR -> Shifts.rcrFlags(size, a, b, before);
            case MicroOps.SHL -> Shifts.shlFlags(size, a, b, before);
            case MicroOps.SHR -> Shifts.shrFlags(size, a, b, before);
            case MicroOps.SAR -> Shifts.sarFlags(size, a, b, before);
            case MicroOps.SHLD -> Shifts.shldFlags(size, a, b, c, before);
            case MicroOps.SHRD -> Shifts.shrdFlags(size, a, b, c, before);
            case MicroOps.LZCNT, MicroOps.TZCNT -> Bits.countFlags(size, a, result);
            case MicroOps.POPCNT -> Flags.bit(Widths.zeroExtend(size, a) == 0, Rflags.ZF);
            case MicroOps.ANDN -> Bits.bmiFlags(size, result, false);
            case MicroOps.BLSR, MicroOps.BLSMSK ->
                    Bits.bmiFlags(size, result, Widths.zeroExtend(size, a) == 0);
            case MicroOps.BLSI -> Bits.bmiFlags(size, result, Widths.zeroExtend(size, a) != 0);
            case MicroOps.BEXTR -> Bits.bmiFlags(size, result, false) & Rflags.ZF;
            case MicroOps.BZHI -> Bits.bmiFlags(size, result, (b & 0xff) >= Widths.bits(size));
            default -> throw new IllegalArgumentException(MicroOps.name(op));
        };
    }
}
