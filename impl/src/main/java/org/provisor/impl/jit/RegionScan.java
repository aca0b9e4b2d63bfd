// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.jit;

import org.jspecify.annotations.Nullable;
import org.provisor.impl.cpu.FastMemory;
import org.provisor.impl.decode.Decoder;
import org.provisor.impl.decode.Instruction;
import org.provisor.impl.decode.Opcode;
import org.provisor.impl.decode.Operand;
import org.provisor.impl.ir.Expander;
import org.provisor.impl.ir.MicroCode;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Finds the instructions of a region: from its head on, along what is known of branches, within
/// the head's page and the one behind it. It is used again for the next region.
final class RegionScan {

    private static final int PAGE_SHIFT = 12;
    private static final int LINE_SHIFT = 6;
    private static final int LINES = 63;

    private final Decoder decoder;
    private final Expander expander;
    private final IndirectTargets indirectTargets;
    private final Instruction instruction = new Instruction();
    private final byte[] bytes = new byte[Decoder.MAX_LENGTH];

    private final Map<Long, Insn> insns = new HashMap<>();
    private final TreeSet<Long> leaders = new TreeSet<>();
    private final Set<Long> untranslated = new HashSet<>();
    private final ArrayDeque<Long> toDo = new ArrayDeque<>();

    private long head;
    private long firstFrame;

    /// The frame of the second page; -1 if it cannot be used, -2 if nobody has looked yet.
    private long secondFrame;

    private long firstLines;
    private long secondLines;

    RegionScan(
            final Decoder decoder, final Expander expander, final IndirectTargets indirectTargets) {
        this.decoder = decoder;
        this.expander = expander;
        this.indirectTargets = indirectTargets;
    }

    /// Looks at the code at `rip`.
    ///
    /// @param frame from where it is fetched
    /// @param most how many instructions at most
    /// @return the blocks by address; none if the first instruction is not translated
    List<Block> scan(final long rip, final long frame, final FastMemory memory, final int most) {
        insns.clear();
        leaders.clear();
        untranslated.clear();
        toDo.clear();
        head = rip;
        firstFrame = frame;
        secondFrame = -2;
        firstLines = 0;
        secondLines = 0;
        lead(rip);
        while (!toDo.isEmpty() && insns.size() < most) {
            follow(toDo.remove(), memory, most);
        }
        return insns.containsKey(rip) ? blocks() : List.of();
    }

    /// Whether the instruction there is one for the interpreter.
    boolean isUntranslated(final long rip) {
        return untranslated.contains(rip);
    }

    int count() {
        return insns.size();
    }

    /// Where the instructions begin, in order.
    long[] starts() {
        return insns.keySet().stream().mapToLong(Long::longValue).sorted().toArray();
    }

    long[] pages() {
        final long page = head >>> PAGE_SHIFT;
        return secondLines == 0 ? new long[] {page} : new long[] {page, page + 1};
    }

    long[] frames() {
        return secondLines == 0 ? new long[] {firstFrame} : new long[] {firstFrame, secondFrame};
    }

    /// Which lines of 64 bytes of each page hold instructions, as bits.
    long[] lines() {
        return secondLines == 0 ? new long[] {firstLines} : new long[] {firstLines, secondLines};
    }

    private void lead(final long rip) {
        if (leaders.add(rip)) {
            toDo.add(rip);
        }
    }

    /// Decodes from a leader to where a block ends.
    private void follow(final long leader, final FastMemory memory, final int most) {
        long rip = leader;
        while (insns.size() < most) {
            if (insns.containsKey(rip)) {
                leaders.add(rip);
                return;
            }
            final Insn insn = decode(rip, memory);
            if (insn == null) {
                return;
            }
            insns.put(rip, insn);
            if (insn.last) {
                if (!insn.away) {
                    lead(insn.next);
                }
                for (final long target : insn.targets) {
                    lead(target);
                }
                return;
            }
            rip = insn.next;
        }
    }

    private @Nullable Insn decode(final long rip, final FastMemory memory) {
        if (!usable(rip, memory)) {
            return null;
        }
        final int available = memory.fetch(rip, bytes);
        final int length = decoder.decode(bytes, 0, available, instruction);
        if (length > 0 && !usable(rip + length - 1, memory)) {
            return null;
        }
        final Insn insn = length > 0 ? insn(rip, rip + length) : null;
        if (insn == null) {
            untranslated.add(rip);
            return null;
        }
        mark(rip);
        mark(rip + length - 1);
        return insn;
    }

    private @Nullable Insn insn(final long rip, final long next) {
        final MicroCode code = expander.expand(instruction);
        if (!MicroSupport.translates(code)) {
            return null;
        }
        final Insn insn = new Insn(rip, next, code);
        return ends(insn) ? insn : null;
    }

    private boolean usable(final long rip, final FastMemory memory) {
        final long page = (rip >>> PAGE_SHIFT) - (head >>> PAGE_SHIFT);
        if (page == 0) {
            return true;
        }
        if (page != 1) {
            return false;
        }
        if (secondFrame == -2) {
            secondFrame = memory.codeFrame(rip);
        }
        return secondFrame >= 0;
    }

    private void mark(final long at) {
        final long line = 1L << (at >>> LINE_SHIFT & LINES);
        if (at >>> PAGE_SHIFT == head >>> PAGE_SHIFT) {
            firstLines |= line;
        } else {
            secondLines |= line;
        }
    }

    /// Notes where an instruction may go.
    ///
    /// @return whether all of that can be translated
    private boolean ends(final Insn insn) {
        final Opcode row = instruction.row();
        final boolean relative =
                !row.operands().isEmpty() && row.operand(0).kind() == Operand.Kind.RELATIVE;
        insn.last = row.block() != Opcode.Block.NEXT || insn.repeats();
        insn.away = row.block() != Opcode.Block.NEXT && row.block() != Opcode.Block.BRANCH;
        if (insn.repeats()) {
            insn.targets = new long[] {insn.rip};
        } else if (relative) {
            final long target = insn.next + instruction.immediate();
            if (target << 16 >> 16 != target) {
                return false;
            }
            insn.targets =
                    row.block() == Opcode.Block.CALL
                            ? new long[] {target, insn.next}
                            : new long[] {target};
        } else if (insn.away && row.block() != Opcode.Block.EXIT) {
            insn.indirect = true;
            final long[] seen = indirectTargets.of(insn.rip);
            insn.targets = seen;
            if (row.block() == Opcode.Block.CALL) {
                insn.targets = Arrays.copyOf(seen, seen.length + 1);
                insn.targets[seen.length] = insn.next;
            }
        }
        if (row.block() == Opcode.Block.CALL) {
            insn.call = true;
        }
        return true;
    }

    private List<Block> blocks() {
        final List<Block> blocks = new ArrayList<>();
        final Map<Long, Integer> numbers = new HashMap<>();
        for (final long leader : leaders) {
            if (!insns.containsKey(leader)) {
                continue;
            }
            final Block block = new Block(leader);
            long rip = leader;
            Insn insn = insns.get(rip);
            while (insn != null && (rip == leader || !leaders.contains(rip))) {
                block.insns.add(insn);
                if (insn.last) {
                    break;
                }
                rip = insn.next;
                insn = insns.get(rip);
            }
            numbers.put(leader, blocks.size());
            blocks.add(block);
        }
        for (int i = 0; i < blocks.size(); i++) {
            final Insn last = blocks.get(i).last();
            if (!last.away) {
                edge(blocks, numbers, i, last.next, false);
            }
            for (final long target : last.targets) {
                edge(
                        blocks,
                        numbers,
                        i,
                        target,
                        last.indirect || (last.call && target == last.next));
            }
        }
        return blocks;
    }

    private static void edge(
            final List<Block> blocks,
            final Map<Long, Integer> numbers,
            final int from,
            final long to,
            final boolean indirect) {
        final Integer number = numbers.get(to);
        if (number != null && (indirect || number <= from)) {
            blocks.get(number).loopHead = true;
            blocks.get(number).indirect |= indirect;
        }
    }
}
