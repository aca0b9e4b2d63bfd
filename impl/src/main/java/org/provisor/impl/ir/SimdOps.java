// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.ir;

/// Micro-operations on XMM registers, with numbers behind those of [MicroOps].
///
/// There are four kinds:
///
/// | kind | does |
/// |---|---|
/// | lanes | `d = f(a, b)` on 8 bytes, whose lanes do not know of each other: [Lanes] |
/// | pairs | `d = f(a, b)` on 16 bytes; slots name the lower half: [Pairs] |
/// | floats | `d = f(a, b)` on 8 bytes by MXCSR, adding exceptions to those met so far: [Floats] |
/// | others | faults, flags and tables |
///
/// In lanes `size` is the logarithm of a lane's bytes. In floats it says what there is in `a` and
/// `b`: [#SINGLE], whose other 4 bytes come from `a`; [#DOUBLE]; or [#SINGLES].
public final class SimdOps {

    /// The low 4 bytes; the high ones stay.
    public static final int SINGLE = 2;

    /// 8 bytes.
    public static final int DOUBLE = 3;

    /// Two singles in 8 bytes.
    public static final int SINGLES = 4;

    // Lanes.

    /// The first of all.
    public static final int FIRST = 128;

    public static final int PADD = FIRST;
    public static final int PSUB = FIRST + 1;

    /// Signed, with saturation.
    public static final int PADDS = FIRST + 2;

    /// Unsigned, with saturation.
    public static final int PADDUS = FIRST + 3;

    public static final int PSUBS = FIRST + 4;
    public static final int PSUBUS = FIRST + 5;
    public static final int PMINS = FIRST + 6;
    public static final int PMINU = FIRST + 7;
    public static final int PMAXS = FIRST + 8;
    public static final int PMAXU = FIRST + 9;
    public static final int PCMPEQ = FIRST + 10;
    public static final int PCMPGT = FIRST + 11;

    /// The low half of each product.
    public static final int PMULL = FIRST + 12;

    /// The high half of each product.
    public static final int PMULH = FIRST + 13;

    public static final int PMULHU = FIRST + 14;

    /// The high half, rounded, of signed fractions.
    public static final int PMULHRS = FIRST + 15;

    /// The product of the low 4 bytes.
    public static final int PMULUDQ = FIRST + 16;

    public static final int PMULDQ = FIRST + 17;

    /// Sums of two products of signed words each.
    public static final int PMADDWD = FIRST + 18;

    /// Sums of two products each, of an unsigned and a signed byte, with saturation.
    public static final int PMADDUBSW = FIRST + 19;

    /// The sum of the differences of bytes.
    public static final int PSADBW = FIRST + 20;

    public static final int PAVG = FIRST + 21;

    /// Of `b`.
    public static final int PABS = FIRST + 22;

    /// `a` with the sign of `b`.
    public static final int PSIGN = FIRST + 23;

    /// `b` is the count for each lane.
    public static final int PSLL = FIRST + 24;

    public static final int PSRL = FIRST + 25;
    public static final int PSRA = FIRST + 26;

    /// `size` bytes of `b` into `a`, from bit `immediate` on.
    public static final int DEPOSIT = FIRST + 27;

    /// `size` bytes of `a` from bit `immediate` on.
    public static final int EXTRACT = FIRST + 28;

    /// Where the first or last bit of `a` is that a string comparison has set; 16 or 8 without any.
    public static final int STRING_INDEX = FIRST + 29;

    // Pairs.

    public static final int FIRST_PAIR = FIRST + 30;

    /// Lanes of 4 bytes by two bits of the immediate each: two of `a`, then two of `b`.
    public static final int SHUFPS = FIRST_PAIR;

    /// Lanes of 8 bytes by a bit each.
    public static final int SHUFPD = FIRST_PAIR + 1;

    /// The low four words of `b` by two bits each.
    public static final int PSHUFLW = FIRST_PAIR + 2;

    public static final int PSHUFHW = FIRST_PAIR + 3;

    /// Bytes of `a` by `b`.
    public static final int PSHUFB = FIRST_PAIR + 4;

    /// Lanes of the low halves of `a` and `b` in turn.
    public static final int PUNPCKL = FIRST_PAIR + 5;

    public static final int PUNPCKH = FIRST_PAIR + 6;

    /// Lanes of twice the size to signed ones, with saturation.
    public static final int PACKSS = FIRST_PAIR + 7;

    /// The same, to unsigned ones.
    public static final int PACKUS = FIRST_PAIR + 8;

    /// `a` by so many bytes.
    public static final int PSLLDQ = FIRST_PAIR + 9;

    public static final int PSRLDQ = FIRST_PAIR + 10;

    /// 16 of the 32 bytes `a:b`, from that number on.
    public static final int PALIGNR = FIRST_PAIR + 11;

    /// Sums of neighbours.
    public static final int PHADD = FIRST_PAIR + 12;

    public static final int PHSUB = FIRST_PAIR + 13;

    /// With saturation.
    public static final int PHADDS = FIRST_PAIR + 14;

    public static final int PHSUBS = FIRST_PAIR + 15;

    /// Low lanes of `b` to lanes of `2^immediate` bytes.
    public static final int PMOVSX = FIRST_PAIR + 16;

    public static final int PMOVZX = FIRST_PAIR + 17;

    /// Lanes of `a`, or of `b` where the immediate has a bit.
    public static final int BLEND = FIRST_PAIR + 18;

    /// Lanes of `a`, or of `b` where those of `c` have their highest bit.
    public static final int BLENDV = FIRST_PAIR + 19;

    public static final int MPSADBW = FIRST_PAIR + 20;

    public static final int PHMINPOSUW = FIRST_PAIR + 21;

    /// A lane of `b` to a lane of `a`, and zeros, as the immediate says.
    public static final int INSERTPS = FIRST_PAIR + 22;

    /// The bits in `a` that a string comparison has set, as bits or as lanes.
    public static final int STRING_MASK = FIRST_PAIR + 23;

    /// The product of halves of `a` and `b` by bits 0 and 4, without carries.
    public static final int PCLMULQDQ = FIRST_PAIR + 24;

    public static final int AESENC = FIRST_PAIR + 25;
    public static final int AESENCLAST = FIRST_PAIR + 26;
    public static final int AESDEC = FIRST_PAIR + 27;
    public static final int AESDECLAST = FIRST_PAIR + 28;

    /// Of `b`.
    public static final int AESIMC = FIRST_PAIR + 29;

    /// Of `b`.
    public static final int AESKEYGENASSIST = FIRST_PAIR + 30;

    // Floats.

    public static final int FIRST_FLOAT = FIRST_PAIR + 31;

    public static final int FADD = FIRST_FLOAT;
    public static final int FSUB = FIRST_FLOAT + 1;
    public static final int FMUL = FIRST_FLOAT + 2;
    public static final int FDIV = FIRST_FLOAT + 3;
    public static final int FMIN = FIRST_FLOAT + 4;
    public static final int FMAX = FIRST_FLOAT + 5;

    /// Of `b`, as all that follow.
    public static final int FSQRT = FIRST_FLOAT + 6;

    /// About `1 / b`.
    public static final int FRCP = FIRST_FLOAT + 7;

    /// About `1 / sqrt(b)`.
    public static final int FRSQRT = FIRST_FLOAT + 8;

    /// All ones if predicate `immediate` holds of `a` and `b`.
    public static final int FCMP = FIRST_FLOAT + 9;

    /// To a whole number; bits 0 to 3 of the immediate say how.
    public static final int FROUND = FIRST_FLOAT + 10;

    /// The first single less that of `b`, the second one plus.
    public static final int FADDSUB = FIRST_FLOAT + 11;

    /// The status flags that comparing sets; `immediate` 1: a quiet NaN is invalid.
    public static final int FCOMPARE = FIRST_FLOAT + 12;

    /// To a signed integer of 4 bytes, in the place of the single; `immediate` 1: truncated.
    public static final int FTOINT = FIRST_FLOAT + 13;

    /// To a signed integer of 8 bytes.
    public static final int FTOLONG = FIRST_FLOAT + 14;

    /// From a signed integer of 4 bytes, in the place of the single.
    public static final int FOFINT = FIRST_FLOAT + 15;

    /// From a signed integer of 8 bytes.
    public static final int FOFLONG = FIRST_FLOAT + 16;

    /// The double of a single.
    public static final int FWIDEN = FIRST_FLOAT + 17;

    /// The single of a double.
    public static final int FNARROW = FIRST_FLOAT + 18;

    // Others.

    public static final int FIRST_OTHER = FIRST_FLOAT + 19;

    /// #NM if XMM registers are not to be used now.
    public static final int AVAILABLE = FIRST_OTHER;

    /// Notes the exceptions met so far in MXCSR; #XM if one is not masked.
    public static final int RAISE = FIRST_OTHER + 1;

    /// MXCSR = `a`; #GP if a bit is reserved.
    public static final int LDMXCSR = FIRST_OTHER + 2;

    /// The highest bit of each lane of the pair `a`.
    public static final int MOVMSK = FIRST_OTHER + 3;

    /// The status flags of `b & a` and `b & ~a`, of pairs.
    public static final int PTEST = FIRST_OTHER + 4;

    /// Compares strings, the pairs `a` and `b`: the result into `d`, its flags into the slot behind
    /// it. `c` holds the length of the first one, the slot behind it that of the second.
    public static final int STRINGS = FIRST_OTHER + 5;

    /// Stores the bytes of the pair `b` for which those of the pair `c` have their highest bit.
    public static final int STORE_MASKED = FIRST_OTHER + 6;

    /// Stores the state of XMM registers, MXCSR and the x87 FPU; with size 3 pointers have 8 bytes.
    public static final int FXSAVE = FIRST_OTHER + 7;

    /// Loads it; #GP if a bit of MXCSR is reserved.
    public static final int FXRSTOR = FIRST_OTHER + 8;

    /// Stores what EDX, EAX and XCR0 ask for, and which of it is not as after a reset; with size 3
    /// pointers have 8 bytes.
    public static final int XSAVE = FIRST_OTHER + 9;

    /// The same, but for what is as after a reset.
    public static final int XSAVEOPT = FIRST_OTHER + 10;

    /// Loads it; #GP if the header is wrong, or a bit of MXCSR reserved.
    public static final int XRSTOR = FIRST_OTHER + 11;

    /// EDX and EAX = extended control register ECX; #GP unless that is 0.
    public static final int XGETBV = FIRST_OTHER + 12;

    private static final String[] NAMES = {
        "padd",
        "psub",
        "padds",
        "paddus",
        "psubs",
        "psubus",
        "pmins",
        "pminu",
        "pmaxs",
        "pmaxu",
        "pcmpeq",
        "pcmpgt",
        "pmull",
        "pmulh",
        "pmulhu",
        "pmulhrs",
        "pmuludq",
        "pmuldq",
        "pmaddwd",
        "pmaddubsw",
        "psadbw",
        "pavg",
        "pabs",
        "psign",
        "psll",
        "psrl",
        "psra",
        "deposit",
        "extract",
        "string_index",
        "shufps",
        "shufpd",
        "pshuflw",
        "pshufhw",
        "pshufb",
        "punpckl",
        "punpckh",
        "packss",
        "packus",
        "pslldq",
        "psrldq",
        "palignr",
        "phadd",
        "phsub",
        "phadds",
        "phsubs",
        "pmovsx",
        "pmovzx",
        "blend",
        "blendv",
        "mpsadbw",
        "phminposuw",
        "insertps",
        "string_mask",
        "pclmulqdq",
        "aesenc",
        "aesenclast",
        "aesdec",
        "aesdeclast",
        "aesimc",
        "aeskeygenassist",
        "fadd",
        "fsub",
        "fmul",
        "fdiv",
        "fmin",
        "fmax",
        "fsqrt",
        "frcp",
        "frsqrt",
        "fcmp",
        "fround",
        "faddsub",
        "fcompare",
        "ftoint",
        "ftolong",
        "fofint",
        "foflong",
        "fwiden",
        "fnarrow",
        "available",
        "raise",
        "ldmxcsr",
        "movmsk",
        "ptest",
        "strings",
        "store_masked",
        "fxsave",
        "fxrstor",
        "xsave",
        "xsaveopt",
        "xrstor",
        "xgetbv",
    };

    private SimdOps() {}

    static String name(final int op) {
        return NAMES[op - FIRST];
    }

    /// The operation of that name.
    ///
    /// @throws IllegalArgumentException if there is none
    static int named(final String name) {
        for (int i = 0; i < NAMES.length; i++) {
            if (NAMES[i].equals(name)) {
                return FIRST + i;
            }
        }
        throw new IllegalArgumentException("no micro-operation on vectors is called " + name);
    }
}
