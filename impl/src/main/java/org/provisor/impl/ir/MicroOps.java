// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.ir;

/// What there is to do. Each has one meaning.
///
/// `a`, `b` and `c` are slots that are read, `d` is one that is written to as [writing to a
/// register][Widths#merge] does: 4 bytes clear the rest, fewer leave it. Those that can change
/// status flags do so only with [MicroCode#FLAGS].
public final class MicroOps {

    /// `d = immediate`.
    public static final int CONST = 0;

    /// `d = a`, zero-extended to 8 bytes.
    public static final int ZERO_EXTEND = 1;

    /// `d = a`, sign-extended to 8 bytes.
    public static final int SIGN_EXTEND = 2;

    /// `d` = the second byte of `a`.
    public static final int HIGH = 3;

    /// `d = a == b ? 1 : 0`.
    public static final int EQUAL = 4;

    /// `d = a != 0 ? 1 : 0`.
    public static final int NONZERO = 5;

    /// `d = a & b`, of two truth values.
    public static final int BOTH = 6;

    /// `d` = whether condition `immediate` holds, 1 or 0.
    public static final int CONDITION = 7;

    /// `d = a` + the offset of the operand that holds bit `b`.
    public static final int BIT_ADDRESS = 8;

    /// `d` = the CRC-32C of `a` with `b` behind it.
    public static final int CRC32 = 9;

    /// `d = a`.
    public static final int MOVE = 10;

    /// `d = c != 0 ? a : b`.
    public static final int SELECT = 11;

    /// `d = a + (b << c) + immediate`, 4 or 8 bytes; `c` is a number.
    public static final int ADDRESS = 12;

    /// `d = a + b`, no flags.
    public static final int SUM = 13;

    /// `d = a - b`, no flags.
    public static final int DIFFERENCE = 14;

    /// `d = a + b`.
    public static final int ADD = 15;

    /// `d = a + b + CF`.
    public static final int ADC = 16;

    /// `d = a - b`.
    public static final int SUB = 17;

    /// `d = a - b - CF`.
    public static final int SBB = 18;

    /// `d = a & b`.
    public static final int AND = 19;

    /// `d = a | b`.
    public static final int OR = 20;

    /// `d = a ^ b`.
    public static final int XOR = 21;

    /// `d = a + 1`.
    public static final int INC = 22;

    /// `d = a - 1`.
    public static final int DEC = 23;

    /// `d = -a`.
    public static final int NEG = 24;

    /// `d = ~a`.
    public static final int NOT = 25;

    /// Rotates `a` by `b`.
    public static final int ROL = 26;

    /// Rotates `a` by `b`.
    public static final int ROR = 27;

    /// Rotates `a` and CF by `b`.
    public static final int RCL = 28;

    /// Rotates `a` and CF by `b`.
    public static final int RCR = 29;

    /// `d = a << b`.
    public static final int SHL = 30;

    /// `d = a >>> b`.
    public static final int SHR = 31;

    /// `d = a >> b`.
    public static final int SAR = 32;

    /// Shifts `a` by `c`, and bits of `b` in.
    public static final int SHLD = 33;

    /// Shifts `a` by `c`, and bits of `b` in.
    public static final int SHRD = 34;

    /// `d = a * b`, signed.
    public static final int MULTIPLY = 35;

    /// `d` = `a` with bit `b` set, CF = what it was.
    public static final int BTS = 36;

    /// `d` = `a` with bit `b` clear, CF = what it was.
    public static final int BTR = 37;

    /// `d` = `a` with bit `b` changed, CF = what it was.
    public static final int BTC = 38;

    /// `d` = leading zeros of `a`.
    public static final int LZCNT = 39;

    /// `d` = trailing zeros of `a`.
    public static final int TZCNT = 40;

    /// `d` = bits of `a`.
    public static final int POPCNT = 41;

    /// `d` = the bytes of `a` in reverse.
    public static final int BSWAP = 42;

    /// The same, of 2 bytes too.
    public static final int REVERSE = 43;

    /// `d = ~a & b`.
    public static final int ANDN = 44;

    /// `d = a & a - 1`.
    public static final int BLSR = 45;

    /// `d = a ^ a - 1`.
    public static final int BLSMSK = 46;

    /// `d = a & -a`.
    public static final int BLSI = 47;

    /// `d` = bits of `a` as `b` says.
    public static final int BEXTR = 48;

    /// `d` = `a` without the bits from `b` on.
    public static final int BZHI = 49;

    /// `d` = bits of `a` picked by `b`.
    public static final int PEXT = 50;

    /// `d` = bits of `a` put where `b` says.
    public static final int PDEP = 51;

    /// `d = a + b + CF`, changes CF only.
    public static final int ADCX = 52;

    /// `d = a + b + OF`, changes OF only.
    public static final int ADOX = 53;

    /// The second byte of `d` = `a`.
    public static final int SET_HIGH = 54;

    /// `if (c != 0) d = a`.
    public static final int MOVE_IF = 55;

    /// `d` = the lowest bit of `a`; unchanged if there is none.
    public static final int BSF = 56;

    /// `d` = the highest bit of `a`; unchanged if there is none.
    public static final int BSR = 57;

    /// `c:d = a * b`, unsigned.
    public static final int MUL = 58;

    /// `c:d = a * b`, signed.
    public static final int IMUL = 59;

    /// `d, c = c:a / b`, quotient and remainder, unsigned; #DE.
    public static final int DIV = 60;

    /// `d, c = c:a / b`, quotient and remainder, signed; #DE.
    public static final int IDIV = 61;

    /// CF = bit `b` of `a`.
    public static final int BT = 62;

    /// `d = [a]`.
    public static final int LOAD = 63;

    /// `d = [a]`, which will be stored to.
    public static final int LOAD_FOR_WRITE = 64;

    /// `[a] = b`.
    public static final int STORE = 65;

    /// `[a] = c` if it is `b`; else the instruction starts again.
    public static final int COMPARE_AND_STORE = 66;

    /// The same with 16 bytes, in two slots each.
    public static final int COMPARE_AND_STORE_PAIR = 67;

    /// #GP if `a` is not a multiple of `immediate`.
    public static final int ALIGNED = 68;

    /// #GP if `a` is not a canonical address; of 2 or 4 bytes, if it is behind the end of CS.
    public static final int CANONICAL = 69;

    /// Clears the flags in `immediate`.
    public static final int FLAGS_CLEAR = 70;

    /// Sets the flags in `immediate`.
    public static final int FLAGS_SET = 71;

    /// Changes the flags in `immediate`.
    public static final int FLAGS_FLIP = 72;

    /// The flags in `immediate` = those in `a`.
    public static final int FLAGS_FROM = 73;

    /// RFLAGS = `a`, as far as the privilege level may.
    public static final int POPF = 74;

    /// Goes on at `a`, of which so many bytes count.
    public static final int JUMP = 75;

    /// Goes on `immediate` bytes behind the next instruction; so many bytes of the sum count.
    public static final int JUMP_BY = 76;

    /// The same if `c != 0`.
    public static final int JUMP_IF = 77;

    /// `d = a` + `immediate`, or - if DF is set.
    public static final int ADVANCE = 78;

    /// Ends the instruction if `a` is 0.
    public static final int REPEAT_BEGIN = 79;

    /// Counts `d` down, and has the instruction start again if it is not 0; `immediate` 1: and ZF
    /// is set, 2: and ZF is clear.
    public static final int REPEAT_END = 80;

    /// #GP unless at privilege level 0.
    public static final int PRIVILEGED = 81;

    /// #UD.
    public static final int UNDEFINED = 82;

    /// Leaves the engine for reason `immediate`, with operand `b`.
    public static final int LEAVE = 83;

    /// The same if `c != 0`.
    public static final int LEAVE_IF = 84;

    /// #BR unless `b <= a <= c`, signed.
    public static final int BOUND = 85;

    /// `d` = what `a` becomes: `ax` after an addition of decimal numbers.
    public static final int DAA = 86;

    /// As above.
    public static final int DAS = 87;

    /// As above.
    public static final int AAA = 88;

    /// As above.
    public static final int AAS = 89;

    /// The same to base `immediate`; #DE if that is 0.
    public static final int AAM = 90;

    /// The same to base `immediate`.
    public static final int AAD = 91;

    /// `d` = the selector `a` with a requested privilege level not below that of `b`.
    public static final int ARPL = 92;

    /// All that was stored before is seen by others before anything behind is loaded.
    public static final int FENCE = 93;

    public static final int COUNT = 94;

    /// Those below compute all 8 bytes of `d`, from `a`, `b` and the immediate alone.
    static final int FIRST_MERGED = MOVE;

    /// Those below compute `d` from `a`, `b`, `c` and flags; the others do something else.
    static final int FIRST_OTHER = SET_HIGH;

    private static final String[] NAMES = {
        "const",
        "zero_extend",
        "sign_extend",
        "high",
        "equal",
        "nonzero",
        "both",
        "condition",
        "bit_address",
        "crc32",
        "move",
        "select",
        "address",
        "sum",
        "difference",
        "add",
        "adc",
        "sub",
        "sbb",
        "and",
        "or",
        "xor",
        "inc",
        "dec",
        "neg",
        "not",
        "rol",
        "ror",
        "rcl",
        "rcr",
        "shl",
        "shr",
        "sar",
        "shld",
        "shrd",
        "multiply",
        "bts",
        "btr",
        "btc",
        "lzcnt",
        "tzcnt",
        "popcnt",
        "bswap",
        "reverse",
        "andn",
        "blsr",
        "blsmsk",
        "blsi",
        "bextr",
        "bzhi",
        "pext",
        "pdep",
        "adcx",
        "adox",
        "set_high",
        "move_if",
        "bsf",
        "bsr",
        "mul",
        "imul",
        "div",
        "idiv",
        "bt",
        "load",
        "load_for_write",
        "store",
        "compare_and_store",
        "compare_and_store_pair",
        "aligned",
        "canonical",
        "flags_clear",
        "flags_set",
        "flags_flip",
        "flags_from",
        "popf",
        "jump",
        "jump_by",
        "jump_if",
        "advance",
        "repeat_begin",
        "repeat_end",
        "privileged",
        "undefined",
        "leave",
        "leave_if",
        "bound",
        "daa",
        "das",
        "aaa",
        "aas",
        "aam",
        "aad",
        "arpl",
    };

    private MicroOps() {}

    public static String name(final int op) {
        if (op >= X87Ops.FIRST) {
            return X87Ops.name(op);
        }
        if (op >= SimdOps.FIRST) {
            return SimdOps.name(op);
        }
        return op >= SegmentOps.FIRST ? SegmentOps.name(op) : NAMES[op];
    }

    /// Whether it computes `d` and does nothing else, flags apart.
    public static boolean isValue(final int op) {
        return op < FIRST_OTHER;
    }

    /// The size of what it writes to `d`, if it is declared with this one.
    public static int written(final int op, final int size) {
        return op < FIRST_MERGED ? 3 : size;
    }

    /// The operation of that name.
    ///
    /// @throws IllegalArgumentException if there is none
    static int named(final String name) {
        for (int i = 0; i < COUNT; i++) {
            if (NAMES[i].equals(name)) {
                return i;
            }
        }
        throw new IllegalArgumentException("no micro-operation is called " + name);
    }
}
