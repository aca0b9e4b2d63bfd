// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

import org.provisor.impl.cpu.Rflags;
import org.provisor.impl.cpu.Slots;

import java.util.List;

/// Registers and flags by name.
final class Names {

    private static final List<String> REGISTERS =
            List.of("rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi");

    /// From [Slots#X87_CONTROL] on.
    private static final List<String> X87_WORDS =
            List.of(
                    "x87 control",
                    "x87 status",
                    "x87 tags",
                    "x87 instruction",
                    "x87 data",
                    "x87 opcode",
                    "x87 selectors");

    private static final List<String> SELECTORS = List.of("es", "cs", "ss", "ds", "fs", "gs");

    private Names() {}

    static String slot(final int slot) {
        if (slot < REGISTERS.size()) {
            return REGISTERS.get(slot);
        }
        if (slot < Slots.GENERAL) {
            return "r" + slot;
        }
        if (slot >= Slots.SELECTORS) {
            return SELECTORS.get(slot - Slots.SELECTORS);
        }
        if (slot >= Slots.X87) {
            final int half = slot - Slots.X87;
            return "x87 " + half / 2 + (half % 2 == 0 ? " significand" : " head");
        }
        if (slot >= Slots.X87_CONTROL) {
            return X87_WORDS.get(slot - Slots.X87_CONTROL);
        }
        if (slot >= Slots.XMM) {
            final int half = slot - Slots.XMM;
            return "xmm" + half / 2 + (half % 2 == 0 ? " low" : " high");
        }
        return slot == Slots.MXCSR ? "mxcsr" : "slot " + slot;
    }

    static String flags(final long flags) {
        final StringBuilder text = new StringBuilder("[");
        append(text, flags, Rflags.OF, "of");
        append(text, flags, Rflags.DF, "df");
        append(text, flags, Rflags.SF, "sf");
        append(text, flags, Rflags.ZF, "zf");
        append(text, flags, Rflags.AF, "af");
        append(text, flags, Rflags.PF, "pf");
        append(text, flags, Rflags.CF, "cf");
        append(text, flags, Rflags.ID, "id");
        append(text, flags, Rflags.IF, "if");
        return text.append(']').toString();
    }

    private static void append(
            final StringBuilder text, final long flags, final int flag, final String name) {
        if ((flags & flag) != 0) {
            text.append(text.length() > 1 ? " " : "").append(name);
        }
    }
}
