// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

import org.jspecify.annotations.Nullable;
import org.provisor.impl.cpu.CpuState;
import org.provisor.impl.cpu.Mxcsr;
import org.provisor.impl.cpu.Rflags;
import org.provisor.impl.cpu.Slots;
import org.provisor.impl.cpu.X87;
import org.provisor.impl.decode.CodeMode;
import org.provisor.impl.decode.Decoder;
import org.provisor.impl.decode.Disassembler;
import org.provisor.impl.decode.Instruction;
import org.provisor.impl.ir.Segments;

import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Locale;
import java.util.StringJoiner;

/// Finds the least of a snippet that still shows a difference: one instruction, if one does, and as
/// many registers and bytes of memory 0 as can be.
final class DifferenceShrinker {

    private final Oracle oracle;
    private final Decoder decoder;
    private final Instruction decoded = new Instruction();

    DifferenceShrinker(final Oracle oracle, final Decoder decoder) {
        this.oracle = oracle;
        this.decoder = decoder;
    }

    /// What is left of a snippet that differs; of one that does not when it is tried again, what
    /// differed.
    ///
    /// @param data what memory held before
    CpuDifference shrink(final Snippet snippet, final byte[] data, final long seed) {
        final String seenParts = oracle.parts();
        final String seen = oracle.explanation();
        final Case whole = new Case(snippet, data.clone());
        Case least = whole;
        boolean single = snippet.count() == 1;
        if (!single) {
            final Case one = oneInstruction(whole);
            single = one != null;
            least = one == null ? whole : one;
        }
        simplify(least);
        final boolean again = differs(least);
        final StringBuilder text = new StringBuilder();
        final String rows = instructions(text, least.snippet());
        text.append("    row ").append(rows).append('\n');
        if (again) {
            inputs(text, least);
        }
        text.append(again ? oracle.explanation() : seen);
        return new CpuDifference(
                (single ? rows : "several") + ": " + (again ? oracle.parts() : seenParts),
                text.toString(),
                seed,
                again,
                single);
    }

    /// A snippet, and what memory holds before it.
    private static final class Case {

        private final Snippet snippet;
        private final byte[] data;

        Case(final Snippet snippet, final byte[] data) {
            this.snippet = snippet;
            this.data = data;
        }

        Snippet snippet() {
            return snippet;
        }

        byte[] data() {
            return data;
        }
    }

    private boolean differs(final Case some) {
        oracle.setData(some.data());
        return oracle.check(some.snippet()) == Oracle.Verdict.DIFFER;
    }

    /// The first step of the interpreter that differs by itself, with the registers and memory that
    /// it met.
    private @Nullable Case oneInstruction(final Case whole) {
        final Snippet snippet = whole.snippet();
        for (int step = 0; ; step++) {
            oracle.setData(whole.data());
            oracle.interpret(snippet, step);
            final CpuState met = oracle.state();
            if (!X87Image.canState(met.slots())) {
                return null;
            }
            if (met.segments().isCompatible() != (decoder.mode() == CodeMode.BITS_32)) {
                return null;
            }
            final long from = met.segments().codeAddress() - snippet.address();
            if (from < 0 || from >= snippet.length()) {
                return null;
            }
            final int length =
                    decoder.decode(snippet.code(), (int) from, snippet.length(), decoded);
            if (length <= 0) {
                return null;
            }
            final Snippet one = new Snippet(oracle.area(), oracle.job());
            one.clear(snippet.offset() + from);
            if (decoder.mode() == CodeMode.BITS_32) {
                one.use32(0, met.segments().linear(Segments.CS, 0));
            }
            one.append(Arrays.copyOfRange(snippet.code(), (int) from, (int) from + length), length);
            System.arraycopy(met.slots(), 0, one.start().slots(), 0, Slots.COUNT);
            final Case found = new Case(one, oracle.data().toArray(ValueLayout.JAVA_BYTE));
            if (differs(found)) {
                return found;
            }
            oracle.setData(whole.data());
            oracle.interpret(snippet, step + 1);
            if (oracle.steps() <= step) {
                return null;
            }
        }
    }

    /// Puts zeros where the same parts still differ.
    private void simplify(final Case least) {
        if (!differs(least) || oracle.hung()) {
            return;
        }
        final String parts = oracle.parts();
        final long[] slots = least.snippet().start().slots();
        for (int i = 0; i < Slots.XMM_END; i++) {
            final boolean input = i < Slots.GENERAL || i >= Slots.XMM;
            if (input && slots[i] != 0) {
                keepIf(least, parts, i, 0);
            }
        }
        for (int i = Slots.X87; i < Slots.X87_END; i += 2) {
            keepIf(least, parts, i, Long.MIN_VALUE);
            keepIf(least, parts, i + 1, 0x3fff);
        }
        for (int i = Slots.X87_INSTRUCTION; i < Slots.X87; i++) {
            keepIf(least, parts, i, 0);
        }
        keepIf(least, parts, Slots.X87_CONTROL, X87.CONTROL_RESET);
        keepIf(least, parts, Slots.X87_STATUS, 0);
        keepIf(least, parts, Slots.RFLAGS, Rflags.FIXED | Rflags.IF);
        keepIf(least, parts, Slots.MXCSR, Mxcsr.RESET);
        simplifyMemory(least, parts);
        differs(least);
    }

    private void simplifyMemory(final Case least, final String parts) {
        final byte[] data = least.data();
        for (int size = data.length; size >= 1; size /= 4) {
            for (int at = 0; at + size <= data.length && size * 256 >= data.length; at += size) {
                final byte[] kept = Arrays.copyOfRange(data, at, at + size);
                Arrays.fill(data, at, at + size, (byte) 0);
                if (!differs(least) || !oracle.parts().equals(parts)) {
                    System.arraycopy(kept, 0, data, at, size);
                }
            }
        }
    }

    private void keepIf(final Case least, final String parts, final int slot, final long value) {
        final long[] slots = least.snippet().start().slots();
        final long kept = slots[slot];
        slots[slot] = value;
        if (!differs(least) || !oracle.parts().equals(parts)) {
            slots[slot] = kept;
        }
    }

    /// Whether a slot holds what [#simplify] puts there.
    private static boolean isPlain(final int slot, final long value) {
        if (slot >= Slots.X87) {
            return value == ((slot - Slots.X87) % 2 == 0 ? Long.MIN_VALUE : 0x3fff);
        }
        return value == 0;
    }

    /// Adds a line for each instruction.
    ///
    /// @return the names of their rows
    private String instructions(final StringBuilder text, final Snippet snippet) {
        final StringJoiner rows = new StringJoiner(", ");
        for (int at = 0; at < snippet.length(); ) {
            final int length = decoder.decode(snippet.code(), at, snippet.length(), decoded);
            if (length <= 0) {
                break;
            }
            text.append(
                    String.format(
                            Locale.ROOT,
                            "  %x: %s  %s%n",
                            snippet.address() + at,
                            hex(snippet.code(), at, length),
                            Disassembler.text(decoded, snippet.address() + at)));
            rows.add(RowChoice.name(decoded.row()));
            at += length;
        }
        return rows.toString();
    }

    private static String hex(final byte[] code, final int at, final int length) {
        final StringBuilder text = new StringBuilder();
        for (int i = at; i < at + length; i++) {
            text.append(i == at ? "" : " ")
                    .append(String.format(Locale.ROOT, "%02x", code[i] & 0xff));
        }
        return text.toString();
    }

    private static void inputs(final StringBuilder text, final Case least) {
        final long[] slots = least.snippet().start().slots();
        for (int i = 0; i < Slots.COUNT; i++) {
            final boolean input =
                    i < Slots.GENERAL
                            || (i >= Slots.MXCSR && i < Slots.XMM_END)
                            || i >= Slots.X87_CONTROL;
            if (input && !isPlain(i, slots[i])) {
                text.append(
                        String.format(
                                Locale.ROOT, "    with %s = 0x%x%n", Names.slot(i), slots[i]));
            }
        }
        text.append("    with rflags = ").append(Names.flags(slots[Slots.RFLAGS])).append('\n');
        final byte[] data = least.data();
        int shown = 0;
        for (int i = 0; i < data.length && shown < 16; i++) {
            if (data[i] != 0) {
                text.append(
                        String.format(
                                Locale.ROOT,
                                "    with byte at data + 0x%x = 0x%02x%n",
                                i,
                                data[i] & 0xff));
                shown++;
            }
        }
    }
}
