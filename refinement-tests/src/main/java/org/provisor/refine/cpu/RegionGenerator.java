// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

import org.provisor.impl.cpu.Rflags;
import org.provisor.impl.cpu.Slots;
import org.provisor.impl.decode.Decoder;
import org.provisor.impl.decode.Instruction;
import org.provisor.impl.decode.Opcode;
import org.provisor.impl.decode.OpcodeTable;
import org.provisor.impl.decode.Operand;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/// Makes up regions: most of the instructions are those that programs have most of, the others any,
/// a few with vectors; branches go to instructions of the region.
final class RegionGenerator {

    private static final Set<String> COMMON =
            Set.of(
                    "mov", "add", "sub", "cmp", "test", "jcc", "inc", "dec", "lea", "push", "pop",
                    "call", "ret", "and", "or", "xor", "shl", "shr", "sar", "imul", "movzx",
                    "movsx", "adc", "sbb", "cmovcc", "setcc", "jmp", "neg", "loop", "movs", "stos");

    private static final int MOST_PIECES = 6;
    private static final int MARGIN = 64;
    private static final int LONGEST = 1500;

    private final SplittableRandom random;
    private final Assembler assembler;
    private final X87Values x87;
    private final Decoder decoder = Decoder.standard();
    private final Instruction decoded = new Instruction();
    private final List<Opcode> common = new ArrayList<>();
    private final List<Opcode> branches = new ArrayList<>();
    private final List<Opcode> compares = new ArrayList<>();
    private final List<Opcode> all = new ArrayList<>();

    /// Those of the rows that have an XMM register, or MXCSR.
    private final List<Opcode> vectors = new ArrayList<>();

    /// Those of the x87 FPU and of MMX: the translator leaves them to the interpreter.
    private final List<Opcode> stacks = new ArrayList<>();

    private final VectorValues vectorValues;

    private final Snippet snippet = new Snippet(RegionMachine.AREA);

    /// How many in 100 instructions of the region are of [#vectors], besides branches.
    private int vectorShare;

    RegionGenerator(final SplittableRandom random) {
        this.random = random;
        vectorValues = new VectorValues(random);
        assembler = new Assembler(random, decoder);
        x87 = new X87Values(random);
        for (final Opcode row : OpcodeTable.standard().rows()) {
            if (!row.in64()) {
                continue;
            }
            (X87Values.uses(row) ? stacks : hasVector(row) ? vectors : all).add(row);
            if (COMMON.contains(row.mnemonic()) && !row.meaning().startsWith("leave")) {
                common.add(row);
            }
            if (row.mnemonic().equals("cmp") || row.mnemonic().equals("sub")) {
                compares.add(row);
            }
            if (row.block() == Opcode.Block.BRANCH) {
                branches.add(row);
            }
        }
    }

    private static boolean hasVector(final Opcode row) {
        return row.meaning().endsWith("_mxcsr")
                || Assembler.has(row, Operand.Kind.XMM)
                || Assembler.has(row, Operand.Kind.XMM_RM)
                || Assembler.has(row, Operand.Kind.XMM_REG);
    }

    private boolean chance(final int percent) {
        return random.nextInt(100) < percent;
    }

    /// Makes a region.
    ///
    /// @param data what memory holds; it is kept for the most part
    Region next(final byte[] data) {
        final Region region = new Region();
        region.data = data;
        region.space = chance(25) ? 1 : 0;
        region.fresh = chance(20);
        region.twice = chance(25);
        region.elsewhere = chance(50);
        Arrays.fill(region.code, (byte) 0xcc);
        vectorShare = chance(25) ? 80 : chance(15) ? 30 : 3;
        registers(region);
        code(region);
        aim(region);
        final int runs = 1 + random.nextInt(3);
        for (int i = 0; i < runs; i++) {
            region.limits.add(chance(15) ? 1 + random.nextInt(12) : 60 + random.nextInt(200));
        }
        for (int i = 0; i < 6; i++) {
            final int at = 8 * random.nextInt((int) NativeArea.WRITABLE_BYTES / 8);
            long value = chance(50) ? Values.edge(random) : vectorValues.any();
            if (chance(30)) {
                value = address(region);
            }
            for (int k = 0; k < 8; k++) {
                region.data[at + k] = (byte) (value >>> (8 * k));
            }
        }
        return region;
    }

    private void registers(final Region region) {
        final long[] slots = region.slots;
        for (int i = 0; i < Slots.GENERAL; i++) {
            slots[i] = Values.edge(random);
        }
        final int kind = random.nextInt(4);
        for (int i = Slots.XMM; i < Slots.XMM_END; i++) {
            slots[i] = kind < 2 ? vectorValues.floats(kind == 0) : vectorValues.any();
        }
        for (int i = 0; i < 4; i++) {
            // Some hold the same.
            final int pair = Slots.xmm(random.nextInt(Slots.GENERAL));
            System.arraycopy(slots, pair, slots, Slots.xmm(random.nextInt(Slots.GENERAL)), 2);
        }
        slots[Slots.MXCSR] = vectorValues.mxcsr();
        slots[Slots.TASK_SWITCHED] = chance(4) ? 1 : 0;
        x87.registers(slots);
        slots[Slots.FS_BASE] = RegionMachine.DATA + random.nextInt(64);
        slots[Slots.GS_BASE] = RegionMachine.DATA + random.nextInt(64);
        final int status = random.nextInt() & (Rflags.STATUS | (chance(10) ? Rflags.DF : 0));
        slots[Slots.RFLAGS] = Rflags.FIXED | Rflags.IF | status;
        snippet.clear(NativeArea.CODE);
        pointer(region, Slots.RSP);
        for (int i = 0; i < 3; i++) {
            pointer(region, random.nextInt(Slots.GENERAL));
        }
        if (chance(50)) {
            pointer(region, Slots.RSI);
            pointer(region, Slots.RDI);
            if (chance(30)) {
                // Copies onto themselves.
                slots[Slots.RDI] = slots[Slots.RSI] + random.nextInt(40);
            }
        }
        if (chance(60)) {
            slots[Slots.RCX] = random.nextInt(40);
        }
        if (chance(12)) {
            int register = snippet.somePointer(random);
            while (register == Slots.RSP) {
                register = random.nextInt(Slots.GENERAL);
            }
            slots[register] = code(random.nextInt(RegionMachine.CODE_BYTES));
        }
        for (int i = 0; i < 4; i++) {
            final int register = random.nextInt(Slots.GENERAL);
            if (!snippet.isPointer(register)) {
                // So that comparisons find what is equal.
                slots[register] = slots[random.nextInt(Slots.GENERAL)];
            }
        }
        int index = random.nextInt(Slots.GENERAL);
        while (snippet.isPointer(index)) {
            index = random.nextInt(Slots.GENERAL);
        }
        snippet.useIndex(index);
        if (index != Slots.RCX) {
            slots[index] = chance(90) ? random.nextInt(16) : -random.nextInt(16);
        }
    }

    private long code(final int offset) {
        return (chance(30) ? RegionMachine.ALIAS : RegionMachine.CODE) + offset;
    }

    private void pointer(final Region region, final int register) {
        snippet.usePointer(register);
        region.slots[register] = snippet.place(random);
    }

    /// Where a region begins; some lie in both pages.
    private int place() {
        final int page = (int) NativeArea.PAGE;
        return chance(25)
                ? page - 16 - random.nextInt(200)
                : random.nextInt(RegionMachine.CODE_BYTES - LONGEST);
    }

    private void code(final Region region) {
        int at = place();
        final int pieces = 1 + random.nextInt(MOST_PIECES);
        final long pointers = pointers();
        for (int piece = 0; piece < pieces; piece++) {
            snippet.clear(NativeArea.CODE + at);
            restore(pointers);
            final int count = 1 + random.nextInt(7);
            for (int i = 0; i < count && !snippet.isFull(); i++) {
                final boolean last = i + 1 == count;
                if (last && chance(40)) {
                    compare();
                }
                if (!snippet.isFull()) {
                    assembler.append(row(last), snippet);
                }
            }
            System.arraycopy(snippet.code(), 0, region.code, at, snippet.length());
            for (int i = 0; i < snippet.count(); i++) {
                region.starts.add(at + snippet.start(i));
            }
            at += snippet.length();
            if (at + MARGIN + Snippet.MAX_BYTES > RegionMachine.CODE_BYTES) {
                break;
            }
        }
        region.starts.add(at);
        if (region.starts.size() == 1) {
            region.code[at] = (byte) 0x90;
            region.starts.add(at + 1);
        }
        if (chance(70)) {
            // Goes back, so that there is a loop.
            final int target =
                    region.starts.get(random.nextInt(region.starts.size() - 1)) - (at + 5);
            region.code[at] = (byte) 0xe9;
            for (int i = 0; i < 4; i++) {
                region.code[at + 1 + i] = (byte) (target >> (8 * i));
            }
            region.starts.add(at + 5);
        }
    }

    /// Mostly of two registers, which may be one or hold the same.
    private void compare() {
        if (chance(40)) {
            assembler.append(compares.get(random.nextInt(compares.size())), snippet);
            return;
        }
        final int first = random.nextInt(8);
        final int second = chance(40) ? first : random.nextInt(8);
        final byte rex = (byte) (chance(50) ? 0x48 : 0x40);
        snippet.append(new byte[] {rex, 0x39, (byte) (0xc0 | first << 3 | second)}, 3);
    }

    private long pointers() {
        long bits = 0;
        for (int i = 0; i < Slots.GENERAL; i++) {
            bits |= snippet.isPointer(i) ? 1L << i : 0;
        }
        return bits;
    }

    private void restore(final long pointers) {
        for (int i = 0; i < Slots.GENERAL; i++) {
            if ((pointers >> i & 1) != 0) {
                snippet.usePointer(i);
            }
        }
    }

    private Opcode row(final boolean last) {
        if (last && chance(55)) {
            return branches.get(random.nextInt(branches.size()));
        }
        final List<Opcode> rows =
                chance(vectorShare) ? chance(12) ? stacks : vectors : chance(73) ? common : all;
        Opcode row = rows.get(random.nextInt(rows.size()));
        if (row.meaning().startsWith("leave") || row.privilege() < 3) {
            // Those end everything.
            row = chance(15) ? row : common.get(random.nextInt(common.size()));
        }
        return row;
    }

    /// Where an instruction of the region is.
    private long address(final Region region) {
        return RegionMachine.CODE + region.starts.get(random.nextInt(region.starts.size()));
    }

    /// Has relative branches go to the beginning of an instruction; and some registers and words on
    /// the stack hold where one is.
    private void aim(final Region region) {
        final byte[] code = region.code;
        for (int i = 0; i + 1 < region.starts.size(); i++) {
            final int at = region.starts.get(i);
            final int next = region.starts.get(i + 1);
            if (code[at] == (byte) 0xe9
                    || decoder.decode(code, at, next, decoded) != next - at
                    || !Assembler.has(decoded.row(), Operand.Kind.RELATIVE)) {
                continue;
            }
            aim(region, i, next);
        }
        for (int i = 0; i < 2; i++) {
            final int register = random.nextInt(Slots.GENERAL);
            if (!snippet.isPointer(register) && register != snippet.index()) {
                region.slots[register] = address(region);
            }
        }
        final long top = region.slots[Slots.RSP] - RegionMachine.DATA;
        for (int i = 0; i < 3; i++) {
            final long place = top + 8L * i;
            if (place >= 0 && place <= NativeArea.WRITABLE_BYTES - 8) {
                final long value = address(region);
                for (int k = 0; k < 8; k++) {
                    region.data[(int) place + k] = (byte) (value >>> (8 * k));
                }
            }
        }
    }

    private void aim(final Region region, final int number, final int next) {
        final int count = region.starts.size();
        final int from = chance(60) ? number + 1 : 0;
        int distance = 0;
        final boolean narrow = decoded.row().operand(0).size() == Operand.Size.B;
        for (int tries = 0; tries < 8; tries++) {
            distance = region.starts.get(from + random.nextInt(count - from)) - next;
            if (!narrow || distance == (byte) distance) {
                break;
            }
            distance = 0;
        }
        if (narrow) {
            region.code[next - 1] = (byte) distance;
        } else {
            for (int k = 0; k < 4; k++) {
                region.code[next - 4 + k] = (byte) (distance >> (8 * k));
            }
        }
    }
}
