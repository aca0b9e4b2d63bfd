// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.decode;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/// The bytes that an instruction begins with, apart from prefixes that only modify it.
///
/// Written as `[VEX] [NP|66|F3|F2] [W0|W1] [B0] [0F [38|3A]] opcode [/r|/0../7|=xx] [reg]`:
///
/// | token | meaning |
/// |---|---|
/// | `NP`, `66`, `F3`, `F2` | none of these prefixes, or this one; without a token any will do |
/// | `W0`, `W1`, `B0` | REX.W or REX.B is so |
/// | `90+r`, `70+cc` | a register or a condition in the opcode's low bits |
/// | `/r`, `/digit`, `=xx` | a ModRM byte: any, with this reg field, or exactly this one |
/// | `reg` | with a register, not memory, in the ModRM byte |
///
/// @param text as written
/// @param map 0 one byte, 1 `0F`, 2 `0F 38`, 3 `0F 3A`; with VEX 4 more
/// @param opcode the opcode byte, its low bits 0 if something is in them
/// @param span how many opcode bytes it takes: 1, 8 for a register, 16 for a condition
/// @param prefix [#ANY], or 0 none, 1 `66`, 2 `F3`, 3 `F2`
/// @param w REX.W, or [#ANY]
/// @param b REX.B, or [#ANY]
/// @param modRm whether there is a ModRM byte
/// @param digit its reg field, or [#ANY]
/// @param fixed all of it, or [#ANY]
/// @param registerOnly whether it names no memory
public record Encoding(
        String text,
        int map,
        int opcode,
        int span,
        int prefix,
        int w,
        int b,
        boolean modRm,
        int digit,
        int fixed,
        boolean registerOnly) {

    public static final int ANY = -1;

    /// The number of maps.
    static final int MAPS = 8;

    /// The first map with VEX.
    public static final int VEX = 4;

    /// @throws IllegalArgumentException if it is not written so
    static Encoding parse(final String text) {
        final Deque<String> tokens = new ArrayDeque<>(Arrays.asList(text.split(" +")));
        int map = take(tokens, "VEX") ? VEX : 0;
        final int prefix = choice(tokens, "NP", "66", "F3", "F2");
        final int w = choice(tokens, "W0", "W1");
        final int b = choice(tokens, "B0");
        if (take(tokens, "0F")) {
            map++;
            if (take(tokens, "38")) {
                map++;
            } else if (take(tokens, "3A")) {
                map += 2;
            }
        }
        final String opcode = tokens.isEmpty() ? "" : tokens.removeFirst();
        final int span = opcode.endsWith("+r") ? 8 : opcode.endsWith("+cc") ? 16 : 1;
        final int first = Integer.parseInt(opcode.replaceFirst("\\+.*", ""), 16);
        int digit = ANY;
        int fixed = ANY;
        boolean modRm = false;
        if (!tokens.isEmpty()) {
            final String token = tokens.removeFirst();
            modRm = true;
            if (token.startsWith("=")) {
                fixed = Integer.parseInt(token.substring(1), 16);
            } else if (!token.equals("/r")) {
                digit = Integer.parseInt(token.substring(1), 8);
            }
        }
        final boolean registerOnly = take(tokens, "reg");
        if (!tokens.isEmpty() || first % span != 0) {
            throw new IllegalArgumentException("no encoding is written " + text);
        }
        return new Encoding(
                text, map, first, span, prefix, w, b, modRm, digit, fixed, registerOnly);
    }

    private static boolean take(final Deque<String> tokens, final String wanted) {
        if (!wanted.equals(tokens.peekFirst())) {
            return false;
        }
        tokens.removeFirst();
        return true;
    }

    private static int choice(final Deque<String> tokens, final String... choices) {
        for (int i = 0; i < choices.length; i++) {
            if (take(tokens, choices[i])) {
                return i;
            }
        }
        return ANY;
    }

    /// How many of its choices are made: of two rows that fit, the one with more is meant.
    int weight() {
        return (prefix == ANY ? 0 : 1)
                + (w == ANY ? 0 : 1)
                + (b == ANY ? 0 : 1)
                + (digit == ANY ? 0 : 1)
                + (fixed == ANY ? 0 : 2);
    }
}
