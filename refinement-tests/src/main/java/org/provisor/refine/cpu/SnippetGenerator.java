// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

import org.provisor.impl.cpu.CpuState;
import org.provisor.impl.cpu.Rflags;
import org.provisor.impl.cpu.Slots;
import org.provisor.impl.decode.CodeMode;
import org.provisor.impl.decode.Decoder;
import org.provisor.impl.decode.Instruction;
import org.provisor.impl.decode.Opcode;
import org.provisor.impl.decode.Operand;
import org.provisor.impl.ir.Segments;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.SplittableRandom;

/// Makes up snippets: rows in equal shares, and registers and memory such that most of the
/// instructions come to their end.
final class SnippetGenerator {

    private final SplittableRandom random;
    private final List<Opcode> rows;
    private final Assembler assembler;
    private final VectorValues vectors;
    private final X87Values x87;
    private final Decoder decoder;
    private final boolean in64;
    private final boolean local;
    private final Instruction decoded = new Instruction();

    /// @param rows to choose from
    /// @param decoder of the mode that snippets are for
    /// @param local whether there is a local descriptor table
    SnippetGenerator(
            final SplittableRandom random,
            final List<Opcode> rows,
            final Decoder decoder,
            final boolean local) {
        this.in64 = decoder.mode() == CodeMode.BITS_64;
        this.local = local;
        this.random = random;
        this.rows = rows;
        this.decoder = decoder;
        this.assembler = new Assembler(random, decoder);
        this.vectors = new VectorValues(random);
        this.x87 = new X87Values(random);
    }

    /// Makes a snippet.
    ///
    /// @param offset where it is to be, in the area
    /// @param data what memory holds; some of it is changed
    void next(final Snippet snippet, final long offset, final MemorySegment data) {
        snippet.clear(offset);
        final Opcode first = rows.get(random.nextInt(rows.size()));
        registers(snippet, first);
        final int count = random.nextInt(3) == 0 ? 1 : 1 + random.nextInt(6);
        assembler.append(first, snippet);
        while (snippet.count() < count && !snippet.isFull() && !Approximations.is(first)) {
            assembler.append(rows.get(random.nextInt(rows.size())), snippet);
        }
        aimBranches(snippet);
        aimRegisters(snippet, first, data);
    }

    private boolean chance(final int percent) {
        return random.nextInt(100) < percent;
    }

    private void registers(final Snippet snippet, final Opcode first) {
        final CpuState start = snippet.start();
        for (int i = 0; i < Slots.GENERAL; i++) {
            start.set(i, Values.edge(random));
        }
        vectors.registers(start, first);
        x87.registers(start, first);
        final int status = random.nextInt() & (Rflags.STATUS | (chance(15) ? Rflags.DF : 0));
        start.set(Slots.RFLAGS, Rflags.FIXED | Rflags.IF | status);
        HostTables.start(start);
        if (!in64) {
            segments(snippet);
        }
        pointer(snippet, Slots.RSP);
        if (start.get(Slots.SS) == own(snippet, LocalTable.STACK_16)) {
            start.set(Slots.RSP, uncounted(snippet) | (start.get(Slots.RSP) & 0xffff));
        }
        pointer(snippet, random.nextInt(snippet.registers()));
        pointer(snippet, random.nextInt(snippet.registers()));
        if (first.repeat() != Opcode.Repeat.NONE || chance(10)) {
            pointer(snippet, Slots.RSI);
            pointer(snippet, Slots.RDI);
            start.set(Slots.RCX, random.nextInt(12));
        }
        if (first.mnemonic().startsWith("maskmov")) {
            pointer(snippet, Slots.RDI);
        }
        if (first.mnemonic().startsWith("pcmpestr") && chance(80)) {
            start.set(Slots.RAX, random.nextInt(44) - 22);
            start.set(Slots.RDX, random.nextInt(44) - 22);
        }
        if (first.mnemonic().equals("xlat")) {
            pointer(snippet, Slots.RBX);
        }
        if (first.mnemonic().equals("leave") || first.mnemonic().equals("enter")) {
            pointer(snippet, Slots.RBP);
        }
        if (first.mnemonic().endsWith("div") && chance(70)) {
            start.set(Slots.RDX, chance(50) ? 0 : start.get(Slots.RAX) >> 63);
        }
        if (first.mnemonic().startsWith("loop") || first.mnemonic().equals("jrcxz")) {
            start.set(Slots.RCX, random.nextInt(6));
        }
        if (first.meaning().startsWith("decimal aam") && chance(50)) {
            start.set(Slots.RAX, random.nextInt(256));
        }
        int index = random.nextInt(snippet.registers());
        while (snippet.isPointer(index)) {
            index = random.nextInt(snippet.registers());
        }
        snippet.useIndex(index);
        if (!first.mnemonic().startsWith("loop")) {
            start.set(index, chance(90) ? random.nextInt(16) : -random.nextInt(16));
        }
    }

    /// What does not count of a stack pointer of 16 bits. The system must not take it for one on
    /// the stack for signals: it would give the signal up, and end the process.
    private long uncounted(final Snippet snippet) {
        final long signals = snippet.address() - snippet.offset() + NativeArea.SIGNAL_STACK;
        final long rest = random.nextInt() & 0xffff_0000L;
        return rest == signals ? 0 : rest;
    }

    /// What segments 32-bit code finds: flat ones, or some with a base.
    private void segments(final Snippet snippet) {
        final CpuState start = snippet.start();
        final long area = snippet.address() - snippet.offset();
        final boolean based = local && chance(50);
        final long behind = snippet.offset() - NativeArea.CODE - LocalTable.SHORT_CODE;
        final boolean basedCode = local && chance(behind == 0 ? 80 : 30);
        snippet.use32(based ? area + NativeArea.DATA : 0, basedCode ? area + NativeArea.CODE : 0);
        final boolean shortCode = behind == 0 || (behind < 0 && chance(20));
        start.set(
                Slots.CS,
                !basedCode
                        ? HostTables.CODE_32
                        : own(snippet, shortCode ? LocalTable.CODE_SHORT : LocalTable.CODE));
        if (!based) {
            start.set(Slots.SELECTORS, HostTables.DATA);
            start.set(Slots.DS, chance(97) ? HostTables.DATA : 0);
            start.set(Slots.SELECTORS + Segments.GS, chance(50) ? HostTables.DATA : 0);
            return;
        }
        start.set(Slots.SELECTORS, own(snippet, data()));
        start.set(Slots.DS, own(snippet, data()));
        start.set(Slots.SELECTORS + Segments.GS, own(snippet, data()));
        final boolean narrow = chance(30);
        start.set(Slots.SS, own(snippet, narrow ? LocalTable.STACK_16 : LocalTable.DATA));
    }

    private int data() {
        return chance(60)
                ? LocalTable.DATA
                : chance(70) ? LocalTable.ABOVE : LocalTable.CONSTANT + random.nextInt(3);
    }

    private static int own(final Snippet snippet, final int entry) {
        return LocalTable.selector(snippet.job(), entry);
    }

    private void pointer(final Snippet snippet, final int register) {
        snippet.usePointer(register);
        final long place = snippet.place(random);
        snippet.start().set(register, in64 ? place : place & 0xffffffffL);
    }

    /// Has relative branches go to the beginning of an instruction, mostly one further on.
    private void aimBranches(final Snippet snippet) {
        final byte[] code = snippet.code();
        for (int i = 0; i < snippet.count(); i++) {
            final int at = snippet.start(i);
            final int next = snippet.start(i + 1);
            if (decoder.decode(code, at, next, decoded) != next - at
                    || !Assembler.has(decoded.row(), Operand.Kind.RELATIVE)) {
                continue;
            }
            final int from = chance(90) ? i + 1 : 0;
            final int target = snippet.start(from + random.nextInt(snippet.count() + 1 - from));
            final int distance = target - next;
            if (decoded.row().operand(0).size() == Operand.Size.B) {
                code[next - 1] = (byte) distance;
            } else {
                final int bytes = Math.min(4, decoded.operandSize());
                for (int k = 0; k < bytes; k++) {
                    code[next - bytes + k] = (byte) (distance >> (8 * k));
                }
            }
        }
    }

    /// Once the snippet's length is known: has indirect branches find its end, and comparisons
    /// succeed.
    private void aimRegisters(final Snippet snippet, final Opcode first, final MemorySegment data) {
        final CpuState start = snippet.start();
        for (int i = 0; i < 4; i++) {
            final long word = 8L * random.nextInt((int) NativeArea.WRITABLE_BYTES / 8);
            data.set(ValueLayout.JAVA_LONG_UNALIGNED, word, Values.edge(random));
        }
        final boolean jump =
                first.block() == Opcode.Block.CALL || first.block() == Opcode.Block.JUMP;
        final boolean indirect =
                first.block() == Opcode.Block.RETURN
                        || (jump && Assembler.has(first, Operand.Kind.RM));
        if (decoder.decode(snippet.code(), 0, snippet.start(1), decoded) < 0) {
            return;
        }
        if (isFar(first)) {
            aimFar(snippet, first, data);
        } else if (usesSelector(first)) {
            aimSelector(snippet, data);
        } else if (indirect) {
            if (first.block() == Opcode.Block.RETURN) {
                poke(data, start.get(Slots.RSP), snippet, end(snippet));
            } else if (!decoded.isMemory()) {
                if (decoded.rm() != Slots.RSP) {
                    start.set(decoded.rm(), chance(95) ? end(snippet) : snippet.place(random));
                }
            } else {
                poke(data, address(snippet), snippet, end(snippet));
            }
        }
        if (first.mnemonic().startsWith("cmpxchg") && chance(50)) {
            equal(snippet, first, data);
        }
        if (X87Values.uses(first) && decoded.isMemory()) {
            aimX87(snippet, first, data);
        }
        if (VectorValues.uses(first) && decoded.isMemory()) {
            final long address = address(snippet);
            poke(data, address, snippet, vectors.memory(first));
            poke(data, address + Long.BYTES, snippet, vectors.memory(first));
        }
    }

    /// What the first instruction, if it is one of the x87 FPU, finds in memory.
    private void aimX87(final Snippet snippet, final Opcode first, final MemorySegment data) {
        if (X87Values.isExtended(first)) {
            aimExtended(snippet, data);
        }
        final long address = address(snippet);
        if (!loadsAll(first)) {
            poke(data, address, snippet, x87.memory(first, 0, vectors.memory(first)));
            poke(data, address + Long.BYTES, snippet, x87.memory(first, 8, random.nextLong()));
            return;
        }
        final byte[] image = new byte[X87Image.BYTES];
        x87.image(first, image);
        final MemorySegment from = MemorySegment.ofArray(image);
        final int bytes = first.meaning().endsWith("xrstor") ? image.length : 112;
        for (int i = 0; i < bytes; i += Long.BYTES) {
            poke(data, address + i, snippet, from.get(ValueLayout.JAVA_LONG_UNALIGNED, i));
        }
    }

    /// Memory that is a multiple of 64 mostly, with a header; and which parts are asked for:
    /// nothing that a processor may have besides.
    private void aimExtended(final Snippet snippet, final MemorySegment data) {
        final CpuState start = snippet.start();
        final int base = decoded.base();
        if (chance(90) && base >= 0 && base < Slots.GENERAL && base != decoded.index()) {
            final long moved = start.get(base) - (address(snippet) & 63);
            start.set(base, in64 ? moved : moved & 0xffff_ffffL);
        }
        final long header = address(snippet) + X87Image.BYTES;
        poke(
                data,
                header,
                snippet,
                chance(90) ? random.nextInt(4) : random.nextLong() & ~Oracle.UNSHARED_PARTS);
        poke(data, header + 8, snippet, chance(95) ? 0 : random.nextLong());
        poke(data, header + 16, snippet, chance(95) ? 0 : 1L << random.nextInt(64));
        poke(data, header + 24L + 8L * random.nextInt(5), snippet, random.nextLong());
        if (base != Slots.RAX && decoded.index() != Slots.RAX) {
            final long parts = chance(60) ? 3 : random.nextInt(4);
            start.set(Slots.RAX, (random.nextLong() & ~Oracle.UNSHARED_PARTS & ~3) | parts);
        }
        if (base != Slots.RDX && decoded.index() != Slots.RDX) {
            start.set(Slots.RDX, random.nextLong() & ~(Oracle.UNSHARED_PARTS >>> Integer.SIZE));
        }
    }

    private static boolean loadsAll(final Opcode row) {
        return switch (row.meaning()) {
            case "fxrstor", "xrstor", "x87_area ldenv", "x87_area rstor" -> true;
            default -> false;
        };
    }

    private static boolean isFar(final Opcode row) {
        return row.meaning().endsWith("_far") || row.meaning().equals("iret");
    }

    private static boolean usesSelector(final Opcode row) {
        return row.meaning().equals("segment_to")
                || row.meaning().equals("segment_pop")
                || row.meaning().startsWith("segment_pointer")
                || row.meaning().startsWith("look");
    }

    /// Where a snippet ends, in its segment of code.
    private static long end(final Snippet snippet) {
        return snippet.end() - snippet.codeBase();
    }

    private int selector(final Snippet snippet) {
        if (!in64 && chance(50)) {
            return local && chance(70)
                    ? (own(snippet, random.nextInt(LocalTable.EACH)) & ~3) | (chance(90) ? 3 : 1)
                    : HostTables.CODE_32;
        }
        return switch (random.nextInt(8)) {
            case 0 -> random.nextInt(4);
            case 1 -> random.nextInt(0x90);
            case 2 -> random.nextInt(0x10000);
            case 3, 4 -> (HostTables.CODE & -4) | random.nextInt(4);
            case 5 -> (HostTables.DATA & -4) | random.nextInt(4);
            default -> HostTables.DATA;
        };
    }

    /// A selector where the first instruction looks for one.
    private void aimSelector(final Snippet snippet, final MemorySegment data) {
        final CpuState start = snippet.start();
        final Opcode row = decoded.row();
        if (row.meaning().equals("segment_pop")) {
            poke(data, start.get(Slots.RSP), snippet, selector(snippet));
        } else if (decoded.isMemory()) {
            final int behind =
                    row.meaning().startsWith("segment_pointer") ? decoded.operandSize() : 0;
            poke(data, address(snippet) + behind, snippet, selector(snippet));
        } else if (decoded.rm() != Slots.RSP && !snippet.isPointer(decoded.rm())) {
            start.set(
                    decoded.rm(),
                    chance(50) ? Values.edge(random) << 16 | selector(snippet) : selector(snippet));
        }
    }

    /// A far pointer, or the frame of `iret`, for the first instruction.
    private void aimFar(final Snippet snippet, final Opcode first, final MemorySegment data) {
        final CpuState start = snippet.start();
        final boolean stack = first.block() == Opcode.Block.RETURN;
        final int bytes = decoded.operandSize();
        final boolean direct = Assembler.has(first, Operand.Kind.FAR);
        final long at = stack ? start.get(Slots.RSP) : direct ? 0 : address(snippet);
        final long code = chance(60) ? codeSelector(snippet) : selector(snippet);
        final long stackSegment = chance(70) ? HostTables.DATA : selector(snippet);
        final long flags =
                Rflags.FIXED | Rflags.IF | (random.nextInt() & (Rflags.STATUS | Rflags.DF));
        final boolean ownCode = code == start.get(Slots.CS);
        final long end = ownCode ? end(snippet) : snippet.end();
        if (direct) {
            final byte[] bytesOf = snippet.code();
            final int from = snippet.start(1) - bytes - 2;
            for (int i = 0; i < bytes + 2; i++) {
                final long from8 = i < bytes ? end >> (8 * i) : code >> (8 * (i - bytes));
                bytesOf[from + i] = (byte) from8;
            }
            return;
        }
        poke(data, at, snippet, chance(90) ? end : Values.edge(random));
        poke(data, at + bytes, snippet, code);
        if (first.meaning().equals("iret")) {
            poke(data, at + 2L * bytes, snippet, chance(90) ? flags : random.nextInt());
            poke(data, at + 3L * bytes, snippet, chance(90) ? at : Values.edge(random));
            poke(data, at + 4L * bytes, snippet, stackSegment);
        }
    }

    /// One that code goes on in: its own, or that of 64-bit code.
    private long codeSelector(final Snippet snippet) {
        return in64 || chance(50) ? HostTables.CODE : snippet.start().get(Slots.CS);
    }

    private void equal(final Snippet snippet, final Opcode first, final MemorySegment data) {
        final CpuState start = snippet.start();
        if (!decoded.isMemory()) {
            start.set(Slots.RAX, start.get(decoded.rm()) ^ (chance(50) ? 1L << 40 : 0));
            return;
        }
        final long address = address(snippet);
        if (first.mnemonic().equals("cmpxchg8b")) {
            final long low = start.get(Slots.RAX) & 0xffffffffL;
            poke(data, address, snippet, start.get(Slots.RDX) << 32 | low);
        } else {
            poke(data, address, snippet, start.get(Slots.RAX));
            poke(data, address + 8, snippet, start.get(Slots.RDX));
        }
    }

    /// The address of the first instruction's memory, as it starts.
    private long address(final Snippet snippet) {
        final CpuState start = snippet.start();
        long address = decoded.displacement();
        if (decoded.base() == Instruction.RIP) {
            address += snippet.address() + decoded.length();
        } else if (decoded.base() != Instruction.NONE) {
            address += start.get(decoded.base());
        }
        if (decoded.index() != Instruction.NONE) {
            address += start.get(decoded.index()) << decoded.scale();
        }
        return switch (decoded.addressSize()) {
            case 2 -> address & 0xffff;
            case 4 -> address & 0xffffffffL;
            default -> address;
        };
    }

    private static void poke(
            final MemorySegment data, final long address, final Snippet snippet, final long value) {
        final long offset =
                address
                        + snippet.dataBase()
                        - (snippet.address() - snippet.offset())
                        - NativeArea.DATA;
        if (offset >= 0 && offset <= NativeArea.WRITABLE_BYTES - 8) {
            data.set(ValueLayout.JAVA_LONG_UNALIGNED, offset, value);
        }
    }
}
