// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.decode;

import org.provisor.impl.cpu.CpuFeatures;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/// Decodes instructions of one mode by [OpcodeTable]. Has no state but what it derived from the
/// table: threads may share it.
public final class Decoder {

    /// The instruction goes on behind the bytes given.
    public static final int TRUNCATED = -1;

    /// No such instruction: #UD.
    public static final int INVALID = -2;

    /// More than 15 bytes: #GP.
    public static final int TOO_LONG = -3;

    public static final int MAX_LENGTH = 15;

    private static final int NO_ROW = -1;

    /// ModRM bytes that matter: 8 with memory, by their reg field; 64 with a register.
    private static final int MODRM_KINDS = 8 + 64;

    /// By prefix (none, 66, F3, F2), REX.W, REX.B and ModRM.
    private static final int GROUP = 4 * 2 * 2 * MODRM_KINDS;

    private static final int PREFIX_NONE = 0;
    private static final int PREFIX_LEGACY = 1;
    private static final int PREFIX_REX = 2;

    private static final byte[] PREFIXES_32 = prefixes();
    private static final byte[] PREFIXES_64 = prefixesWithRex();

    /// With 16-bit addresses, the registers that are added: those in the rm field of ModRM.
    private static final int[] BASES_16 = {3, 3, 5, 5, 6, 7, 5, 3};

    private static final int[] INDEXES_16 = {
        6, 7, 6, 7, Instruction.NONE, Instruction.NONE, Instruction.NONE, Instruction.NONE
    };

    private static final short[] NOTHING = new short[0];

    /// Last, because it needs the others.
    private static final Decoder STANDARD = new Decoder(OpcodeTable.standard());

    private static final Decoder STANDARD_32 =
            new Decoder(OpcodeTable.standard(), CodeMode.BITS_32);

    private final boolean in64;
    private final byte[] prefixes;

    private final Opcode[] rows;

    /// By map and opcode: whether a ModRM byte follows.
    private final boolean[] modRm = new boolean[Encoding.MAPS * 256];

    /// By map and opcode: the rows to choose from, or null if there are none.
    private final short[][] groups = new short[Encoding.MAPS * 256][];

    /// For 64-bit mode.
    ///
    /// @throws IllegalArgumentException if two rows of the table mean the same bytes
    public Decoder(final OpcodeTable table) {
        this(table, CodeMode.BITS_64);
    }

    /// @throws IllegalArgumentException if two rows of the table mean the same bytes
    public Decoder(final OpcodeTable table, final CodeMode mode) {
        this(table, mode, row -> true);
    }

    private Decoder(final OpcodeTable table, final CodeMode mode, final Predicate<Opcode> offered) {
        in64 = mode == CodeMode.BITS_64;
        prefixes = in64 ? PREFIXES_64 : PREFIXES_32;
        rows = table.rows().toArray(new Opcode[0]);
        Arrays.fill(groups, NOTHING);
        final List<Opcode> byWeight =
                table.rows().stream()
                        .filter(in64 ? Opcode::in64 : Opcode::in32)
                        .filter(offered)
                        .sorted(Comparator.comparingInt(row -> row.encoding().weight()))
                        .toList();
        for (final Opcode row : byWeight) {
            enter(row);
        }
        Arrays.setAll(groups, i -> shortened(groups[i]));
    }

    /// The decoder of 64-bit mode for [OpcodeTable#standard].
    public static Decoder standard() {
        return STANDARD;
    }

    /// The decoder for [OpcodeTable#standard].
    public static Decoder standard(final CodeMode mode) {
        return mode == CodeMode.BITS_64 ? STANDARD : STANDARD_32;
    }

    /// A decoder for [OpcodeTable#standard] that has only the rows which these features offer. What
    /// is left of `tzcnt` and `lzcnt` without theirs is `bsf` and `bsr`.
    public static Decoder of(final CpuFeatures features, final CodeMode mode) {
        return of(OpcodeTable.standard(), features, mode);
    }

    /// The same of another table.
    public static Decoder of(
            final OpcodeTable table, final CpuFeatures features, final CodeMode mode) {
        final boolean in64 = mode == CodeMode.BITS_64;
        return new Decoder(table, mode, row -> features.offers(row.feature(), in64));
    }

    public CodeMode mode() {
        return in64 ? CodeMode.BITS_64 : CodeMode.BITS_32;
    }

    private void enter(final Opcode row) {
        final Encoding encoding = row.encoding();
        for (int i = 0; i < encoding.span(); i++) {
            final int at = encoding.map() << 8 | (encoding.opcode() + i);
            if (groups[at].length == 0) {
                groups[at] = new short[GROUP];
                Arrays.fill(groups[at], (short) NO_ROW);
                modRm[at] = encoding.modRm();
            } else if (modRm[at] != encoding.modRm()) {
                throw new IllegalArgumentException(
                        row.id() + ": another row of this opcode has a ModRM byte, or has none");
            }
            for (int key = 0; key < GROUP; key++) {
                if (fits(row, key)) {
                    claim(groups[at], key, row);
                }
            }
        }
    }

    private void claim(final short[] group, final int key, final Opcode row) {
        final int before = group[key];
        if (before != NO_ROW && rows[before].encoding().weight() == row.encoding().weight()) {
            throw new IllegalArgumentException(
                    row.id() + " and " + rows[before].id() + " mean the same bytes");
        }
        group[key] = (short) row.index();
    }

    private static boolean fits(final Opcode row, final int key) {
        final Encoding encoding = row.encoding();
        final int modRmKind = key % MODRM_KINDS;
        final int b = key / MODRM_KINDS & 1;
        final int w = (key / MODRM_KINDS) >> 1 & 1;
        final int prefix = (key / MODRM_KINDS) >> 2;
        final boolean register = modRmKind >= 8;
        final int reg = register ? (modRmKind - 8) >> 3 : modRmKind;
        boolean memoryOnly = false;
        boolean registerOnly = encoding.registerOnly();
        for (final Operand operand : row.operands()) {
            memoryOnly |= operand.kind() == Operand.Kind.MEMORY;
            registerOnly |= operand.kind() == Operand.Kind.RM_REG;
            registerOnly |= operand.kind() == Operand.Kind.XMM_REG;
            registerOnly |= operand.kind() == Operand.Kind.MMX_REG;
        }
        return matches(encoding.prefix(), prefix)
                && matches(encoding.w(), w)
                && matches(encoding.b(), b)
                && (!encoding.modRm()
                        || (matches(encoding.digit(), reg)
                                && matches(fixedKind(encoding), modRmKind)
                                && !(memoryOnly && register)
                                && !(registerOnly && !register)));
    }

    /// The kind of a ModRM byte that is all given, or [Encoding#ANY].
    private static int fixedKind(final Encoding encoding) {
        return encoding.fixed() == Encoding.ANY ? Encoding.ANY : 8 + (encoding.fixed() & 0x3f);
    }

    private static boolean matches(final int wanted, final int is) {
        return wanted == Encoding.ANY || wanted == is;
    }

    /// A group in which all cells are alike becomes one cell.
    private static short[] shortened(final short[] group) {
        for (final short row : group) {
            if (row != group[0]) {
                return group;
            }
        }
        return group.length == 0 || group[0] == NO_ROW ? NOTHING : new short[] {group[0]};
    }

    private static byte[] prefixes() {
        final byte[] kinds = new byte[256];
        for (final int prefix :
                new int[] {0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x67, 0xf0, 0xf2, 0xf3}) {
            kinds[prefix] = PREFIX_LEGACY;
        }
        return kinds;
    }

    private static byte[] prefixesWithRex() {
        final byte[] kinds = prefixes();
        Arrays.fill(kinds, 0x40, 0x50, (byte) PREFIX_REX);
        return kinds;
    }

    /// Decodes the instruction at `start`.
    ///
    /// @param code where it is; not looked at from `end` on
    /// @return its length, or [#TRUNCATED], [#INVALID] or [#TOO_LONG]; then nothing in `into` holds
    public int decode(final byte[] code, final int start, final int end, final Instruction into) {
        into.repeat = 0;
        into.lock = false;
        into.segment = Instruction.NONE;
        into.in64 = in64;
        into.stackSize = in64 ? 8 : 4;
        into.addressSize = in64 ? 8 : 4;
        int at = start;
        int rex = 0;
        boolean operandPrefix = false;
        int octet;
        while (true) {
            if (at - start >= MAX_LENGTH) {
                return TOO_LONG;
            }
            if (at >= end) {
                return TRUNCATED;
            }
            octet = code[at++] & 0xff;
            final int kind = prefixes[octet];
            if (kind == PREFIX_NONE) {
                break;
            }
            if (kind == PREFIX_REX) {
                rex = octet;
                continue;
            }
            rex = 0;
            switch (octet) {
                case 0x66 -> operandPrefix = true;
                case 0x67 -> into.addressSize = in64 ? 4 : 2;
                case 0xf0 -> into.lock = true;
                case 0xf2, 0xf3 -> into.repeat = octet;
                case 0x64 -> into.segment = 4;
                case 0x65 -> into.segment = 5;
                // The prefixes of the other segments mean nothing in 64-bit mode, but they undo
                // nothing either.
                default -> into.segment = in64 ? into.segment : octet >> 3 & 3;
            }
        }
        if (octet == 0xc4 || octet == 0xc5) {
            if (!in64 && at >= end) {
                return cutOff(at, start);
            }
            final boolean far = !in64 && (code[at] & 0xc0) != 0xc0;
            if (far) {
                into.vexRegister = 0;
                return body(code, start, at, end, octet, 0, 0, operandPrefix, into);
            }
            if (rex != 0 || operandPrefix || into.repeat != 0 || into.lock) {
                return INVALID;
            }
            return vex(code, start, at, end, octet, into);
        }
        int map = 0;
        if (octet == 0x0f) {
            map = 1;
            if (at >= end) {
                return cutOff(at, start);
            }
            octet = code[at++] & 0xff;
            if (octet == 0x38 || octet == 0x3a) {
                map = octet == 0x38 ? 2 : 3;
                if (at >= end) {
                    return cutOff(at, start);
                }
                octet = code[at++] & 0xff;
            }
        }
        final int prefix =
                into.repeat == 0xf3 ? 2 : into.repeat == 0xf2 ? 3 : operandPrefix ? 1 : 0;
        into.vexRegister = 0;
        return body(code, start, at, end, map << 8 | octet, prefix, rex, operandPrefix, into);
    }

    private static int cutOff(final int at, final int start) {
        return at - start >= MAX_LENGTH ? TOO_LONG : TRUNCATED;
    }

    private int vex(
            final byte[] code,
            final int start,
            final int from,
            final int end,
            final int first,
            final Instruction into) {
        int at = from;
        final int rest = first == 0xc4 ? 3 : 2;
        if (at + rest > Math.min(end, start + MAX_LENGTH)) {
            return at + rest > start + MAX_LENGTH ? TOO_LONG : TRUNCATED;
        }
        final int second = code[at++];
        int rex = (~second & 0x80) >> 5;
        int map = 1;
        int last = second;
        if (first == 0xc4) {
            rex |= (~second & 0x60) >> 5;
            map = second & 0x1f;
            last = code[at++];
            rex |= (last & 0x80) >> 4;
        }
        into.vexRegister = ~last >> 3 & (in64 ? 15 : 7);
        // Outside of 64-bit mode there are neither more registers nor operands of 8 bytes.
        rex = in64 ? rex : 0;
        final int octet = code[at++] & 0xff;
        if (map == 0 || map > 3 || (last & 4) != 0) {
            return INVALID;
        }
        final int opcode = (Encoding.VEX + map) << 8 | octet;
        final int pp = last & 3;
        return body(code, start, at, end, opcode, pp, 0x40 | rex, false, into);
    }

    private int body(
            final byte[] code,
            final int start,
            final int from,
            final int end,
            final int opcode,
            final int prefix,
            final int rex,
            final boolean operandPrefix,
            final Instruction into) {
        int at = from;
        final short[] group = groups[opcode];
        if (group.length == 0) {
            return INVALID;
        }
        int octet = 0;
        final boolean hasModRm = modRm[opcode];
        if (hasModRm) {
            if (at >= end || at - start >= MAX_LENGTH) {
                return cutOff(at, start);
            }
            octet = code[at++] & 0xff;
        }
        int cell = 0;
        if (group.length != 1) {
            final int kind = !hasModRm ? 0 : octet < 0xc0 ? octet >> 3 & 7 : 8 + (octet & 0x3f);
            cell = (prefix << 2 | (rex >> 2 & 2) | (rex & 1)) * MODRM_KINDS + kind;
        }
        final int number = group[cell];
        if (number == NO_ROW) {
            return INVALID;
        }
        final Opcode row = rows[number];
        into.row = row;
        into.modRm = octet;
        into.rex = rex != 0;
        into.wide = (rex & 8) != 0;
        into.condition = opcode & 15;
        into.operandSize =
                switch (row.operandSize()) {
                    case ORDINARY -> into.wide ? 8 : operandPrefix ? 2 : 4;
                    case STACK -> operandPrefix && !into.wide ? 2 : in64 ? 8 : 4;
                    case NEAR_BRANCH -> in64 ? 8 : operandPrefix ? 2 : 4;
                };
        into.reg = (octet >> 3 & 7) | (rex & 4) << 1;
        into.rm = (hasModRm ? octet & 7 : opcode & 7) | (rex & 1) << 3;
        into.memory = hasModRm && octet < 0xc0;
        if (into.memory) {
            at = address(code, at, end, octet, rex, into);
            if (at < 0) {
                return end - start >= MAX_LENGTH ? TOO_LONG : TRUNCATED;
            }
        }
        at = immediates(code, at, end, row, into);
        if (at < 0) {
            return end - start >= MAX_LENGTH ? TOO_LONG : TRUNCATED;
        }
        if (at - start > MAX_LENGTH) {
            return TOO_LONG;
        }
        if (into.lock && !(row.lockable() && into.memory)) {
            return INVALID;
        }
        if (row.encoding().map() >= Encoding.VEX
                && into.vexRegister != 0
                && !namesVexRegister(row)) {
            return INVALID;
        }
        into.length = at - start;
        return into.length;
    }

    private static boolean namesVexRegister(final Opcode row) {
        for (int i = 0; i < row.operands().size(); i++) {
            if (row.operand(i).kind() == Operand.Kind.VEX_REG) {
                return true;
            }
        }
        return false;
    }

    /// The memory that ModRM names.
    ///
    /// @return where the instruction goes on, or -1 if it goes on behind the end
    private int address(
            final byte[] code,
            final int from,
            final int end,
            final int modRm,
            final int rex,
            final Instruction into) {
        if (into.addressSize == 2) {
            return address16(code, from, end, modRm, into);
        }
        int at = from;
        final int mod = modRm >> 6;
        int low = modRm & 7;
        into.index = Instruction.NONE;
        into.scale = 0;
        if (low == 4) {
            if (at >= end) {
                return -1;
            }
            final int sib = code[at++] & 0xff;
            low = sib & 7;
            final int index = (sib >> 3 & 7) | (rex & 2) << 2;
            if (index != 4) {
                into.index = index;
                into.scale = sib >> 6;
            }
            into.base = low == 5 && mod == 0 ? Instruction.NONE : low | (rex & 1) << 3;
        } else {
            into.base =
                    low == 5 && mod == 0
                            ? in64 ? Instruction.RIP : Instruction.NONE
                            : low | (rex & 1) << 3;
        }
        if (mod == 1) {
            if (at >= end) {
                return -1;
            }
            into.displacement = code[at];
            return at + 1;
        }
        if (mod == 2 || (low == 5 && mod == 0)) {
            if (at + 4 > end) {
                return -1;
            }
            into.displacement = little(code, at, 4);
            return at + 4;
        }
        into.displacement = 0;
        return at;
    }

    /// @sdm 2, "16-Bit Addressing Forms with the ModR/M Byte"
    private static int address16(
            final byte[] code,
            final int at,
            final int end,
            final int modRm,
            final Instruction into) {
        final int mod = modRm >> 6;
        final int low = modRm & 7;
        final boolean absolute = mod == 0 && low == 6;
        into.base = absolute ? Instruction.NONE : BASES_16[low];
        into.index = INDEXES_16[low];
        into.scale = 0;
        final int bytes = absolute ? 2 : mod;
        if (at + bytes > end) {
            return -1;
        }
        into.displacement = bytes == 0 ? 0 : little(code, at, bytes);
        return at + bytes;
    }

    /// @return where the instruction ends, or -1 if that is behind the end
    private static int immediates(
            final byte[] code,
            final int from,
            final int end,
            final Opcode row,
            final Instruction into) {
        int at = from;
        boolean first = true;
        for (int i = 0; i < row.operands().size(); i++) {
            final Operand operand = row.operand(i);
            final int bytes;
            switch (operand.kind()) {
                case OFFSET -> bytes = into.addressSize;
                case RELATIVE ->
                        bytes =
                                operand.size() == Operand.Size.B
                                        ? 1
                                        : Math.min(4, into.operandSize);
                case FAR -> bytes = into.operandSize + 2;
                case IMMEDIATE ->
                        bytes = operand.size() == Operand.Size.BS ? 1 : into.bytes(operand);
                default -> {
                    continue;
                }
            }
            if (at + bytes > end) {
                return -1;
            }
            if (operand.kind() == Operand.Kind.FAR) {
                into.immediate = little(code, at, into.operandSize);
                into.secondImmediate = little(code, at + into.operandSize, 2) & 0xffff;
                return at + bytes;
            }
            long value = little(code, at, bytes);
            at += bytes;
            switch (operand.kind()) {
                case OFFSET -> {
                    into.memory = true;
                    into.base = Instruction.NONE;
                    into.index = Instruction.NONE;
                    into.displacement = value;
                    continue;
                }
                case IMMEDIATE -> {
                    if (operand.size() == Operand.Size.B) {
                        value &= 0xff;
                    } else if (operand.size() == Operand.Size.W) {
                        value &= 0xffff;
                    }
                }
                default -> {}
            }
            if (first) {
                into.immediate = value;
            } else {
                into.secondImmediate = value;
            }
            first = false;
        }
        return at;
    }

    /// So many bytes, the lowest first, sign-extended.
    private static long little(final byte[] code, final int at, final int bytes) {
        long value = code[at + bytes - 1];
        for (int i = bytes - 2; i >= 0; i--) {
            value = value << 8 | (code[at + i] & 0xff);
        }
        return value;
    }
}
