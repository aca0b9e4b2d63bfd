// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.jit;

import org.provisor.impl.cpu.Exits;
import org.provisor.impl.cpu.Rflags;
import org.provisor.impl.cpu.Slots;
import org.provisor.impl.ir.MicroCode;
import org.provisor.impl.ir.MicroOps;
import org.provisor.impl.ir.SimdOps;

/// What the translator knows of micro-operations. An instruction that has any other is left to the
/// interpreter.
final class MicroSupport {

    private MicroSupport() {}

    /// Whether all micro-operations of an instruction are translated.
    static boolean translates(final MicroCode code) {
        for (int i = 0; i < code.count(); i++) {
            if (!translates(code.word(i), code.immediate(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean translates(final long word, final long immediate) {
        final int d = MicroCode.d(word);
        final int op = MicroCode.op(word);
        if (op >= SimdOps.FIRST) {
            return isSimd(op);
        }
        if (MicroCode.size(word) > 3 || d == Slots.RFLAGS || d == Slots.RIP || d == Slots.NEXT) {
            return false;
        }
        return switch (op) {
            case MicroOps.CONST,
                    MicroOps.ZERO_EXTEND,
                    MicroOps.SIGN_EXTEND,
                    MicroOps.HIGH,
                    MicroOps.EQUAL,
                    MicroOps.NONZERO,
                    MicroOps.BOTH,
                    MicroOps.CONDITION,
                    MicroOps.BIT_ADDRESS,
                    MicroOps.CRC32,
                    MicroOps.MOVE,
                    MicroOps.SELECT,
                    MicroOps.ADDRESS,
                    MicroOps.SUM,
                    MicroOps.DIFFERENCE,
                    MicroOps.ADD,
                    MicroOps.ADC,
                    MicroOps.SUB,
                    MicroOps.SBB,
                    MicroOps.AND,
                    MicroOps.OR,
                    MicroOps.XOR,
                    MicroOps.INC,
                    MicroOps.DEC,
                    MicroOps.NEG,
                    MicroOps.NOT,
                    MicroOps.ROL,
                    MicroOps.ROR,
                    MicroOps.RCL,
                    MicroOps.RCR,
                    MicroOps.SHL,
                    MicroOps.SHR,
                    MicroOps.SAR,
                    MicroOps.SHLD,
                    MicroOps.SHRD,
                    MicroOps.MULTIPLY,
                    MicroOps.BTS,
                    MicroOps.BTR,
                    MicroOps.BTC,
                    MicroOps.LZCNT,
                    MicroOps.TZCNT,
                    MicroOps.POPCNT,
                    MicroOps.BSWAP,
                    MicroOps.REVERSE,
                    MicroOps.ANDN,
                    MicroOps.BLSR,
                    MicroOps.BLSMSK,
                    MicroOps.BLSI,
                    MicroOps.BEXTR,
                    MicroOps.BZHI,
                    MicroOps.PEXT,
                    MicroOps.PDEP,
                    MicroOps.ADCX,
                    MicroOps.ADOX,
                    MicroOps.SET_HIGH,
                    MicroOps.MOVE_IF,
                    MicroOps.BSF,
                    MicroOps.BSR,
                    MicroOps.MUL,
                    MicroOps.IMUL,
                    MicroOps.DIV,
                    MicroOps.IDIV,
                    MicroOps.BT,
                    MicroOps.LOAD,
                    MicroOps.LOAD_FOR_WRITE,
                    MicroOps.STORE,
                    MicroOps.COMPARE_AND_STORE,
                    MicroOps.COMPARE_AND_STORE_PAIR,
                    MicroOps.ALIGNED,
                    MicroOps.CANONICAL,
                    MicroOps.FENCE,
                    MicroOps.FLAGS_CLEAR,
                    MicroOps.FLAGS_SET,
                    MicroOps.FLAGS_FLIP,
                    MicroOps.FLAGS_FROM,
                    MicroOps.JUMP,
                    MicroOps.JUMP_BY,
                    MicroOps.JUMP_IF,
                    MicroOps.ADVANCE,
                    MicroOps.REPEAT_BEGIN,
                    MicroOps.REPEAT_END ->
                    true;
            case MicroOps.LEAVE -> immediate == Exits.SYSCALL;
            default -> false;
        };
    }

    private static boolean isSimd(final int op) {
        return op < SimdOps.FIRST_OTHER
                || switch (op) {
                    case SimdOps.AVAILABLE,
                            SimdOps.RAISE,
                            SimdOps.LDMXCSR,
                            SimdOps.MOVMSK,
                            SimdOps.PTEST ->
                            true;
                    default -> false;
                };
    }

    /// Whether it may fault, or leaves the region.
    static boolean stops(final int op) {
        return switch (op) {
            case MicroOps.DIV,
                    MicroOps.IDIV,
                    MicroOps.LOAD,
                    MicroOps.LOAD_FOR_WRITE,
                    MicroOps.STORE,
                    MicroOps.COMPARE_AND_STORE,
                    MicroOps.COMPARE_AND_STORE_PAIR,
                    MicroOps.ALIGNED,
                    MicroOps.CANONICAL,
                    MicroOps.JUMP,
                    MicroOps.LEAVE,
                    SimdOps.AVAILABLE,
                    SimdOps.RAISE,
                    SimdOps.LDMXCSR ->
                    true;
            default -> false;
        };
    }

    static boolean stores(final int op) {
        return op == MicroOps.STORE
                || op == MicroOps.COMPARE_AND_STORE
                || op == MicroOps.COMPARE_AND_STORE_PAIR;
    }

    /// Whether it does something with status flags from before.
    static boolean readsFlags(final long word) {
        final int op = MicroCode.op(word);
        if (MicroCode.a(word) == Slots.RFLAGS
                || MicroCode.b(word) == Slots.RFLAGS
                || MicroCode.c(word) == Slots.RFLAGS) {
            return true;
        }
        return switch (op) {
            case MicroOps.CONDITION,
                    MicroOps.ADC,
                    MicroOps.SBB,
                    MicroOps.RCL,
                    MicroOps.RCR,
                    MicroOps.ADCX,
                    MicroOps.ADOX,
                    MicroOps.FLAGS_CLEAR,
                    MicroOps.FLAGS_SET,
                    MicroOps.FLAGS_FLIP,
                    MicroOps.FLAGS_FROM,
                    MicroOps.BSF,
                    MicroOps.BSR,
                    MicroOps.BT,
                    MicroOps.REPEAT_END ->
                    true;
            default -> (word & MicroCode.FLAGS) != 0 && !LazyFlags.setsAll(op);
        };
    }

    /// Whether it computes its value from flags.
    static boolean valueNeedsFlags(final int op) {
        return op == MicroOps.RCL
                || op == MicroOps.RCR
                || op == MicroOps.ADCX
                || op == MicroOps.ADOX;
    }

    /// How an immediate of flags touches those that are lazy.
    static boolean touchesStatus(final long flags) {
        return (flags & Rflags.STATUS) != 0;
    }
}
