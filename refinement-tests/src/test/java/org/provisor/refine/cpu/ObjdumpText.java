// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What objdump prints, and what it takes to compare it with our own text: the same names for the
/// same things, and no prefixes that change nothing.
final class ObjdumpText {

    private static final Pattern LINE =
            Pattern.compile("\\s*([0-9a-f]+):\\t((?:[0-9a-f]{2} )+)\\s*\\t?(.*)");
    private static final Pattern RELATIVE =
            Pattern.compile("^((?:j|call|loop)\\S*) 0x([0-9a-f]+)$");

    /// Names that say what an immediate says, of comparisons and of products without carries.
    private static final Pattern PREDICATE =
            Pattern.compile("^cmp(eq|lt|le|unord|neq|nlt|nle|ord)([sp][sd]) (.*)$");

    private static final List<String> PREDICATES =
            List.of("eq", "lt", "le", "unord", "neq", "nlt", "nle", "ord");

    private static final Pattern HALVES = Pattern.compile("^pclmul([lh])q([lh])qdq (.*)$");

    private ObjdumpText() {}

    /// The instruction at each multiple of `step`, normal, with its length.
    static List<String> read(final List<String> lines, final int step) {
        final List<String> read = new ArrayList<>();
        for (final String line : lines) {
            final Matcher matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                continue;
            }
            final long at = Long.parseLong(matcher.group(1), 16);
            if (at % step == 0) {
                final int length = matcher.group(2).strip().split(" ").length;
                read.add(normal(matcher.group(3), at) + " length " + length);
            }
        }
        return read;
    }

    /// One instruction as both write it.
    ///
    /// @param at its address, which branches are relative to
    static String normal(final String text, final long at) {
        String rest =
                text.replaceFirst("\\s*(#|<).*", "")
                        .replaceAll(
                                "\\b(rex(\\.[WRXB]+)?|data16|addr32|addr16|cs|ds|es|ss|bnd|notrack)"
                                        + " ",
                                "")
                        .replaceAll("\\b(ds|cs|es|ss):", "")
                        // An index that is none, a displacement of 0.
                        .replaceAll("\\+[re]iz\\*[1248]", "")
                        .replaceAll("\\[[re]iz\\*[1248]\\+(0x[0-9a-f]+)\\]", "$1")
                        .replaceAll("\\+0x0\\]", "]")
                        .replaceAll("\\s+", " ")
                        .replaceAll("repnz (nop|xchg ax,ax)", "nop")
                        .replaceAll(",(pt|pn)\\b", "")
                        .replaceAll("^([sl][gi]dt)[wd] ", "$1 ")
                        .replaceAll("^(pcmpestr[im])q ", "$1 ")
                        .replaceAll("^(lddqu .*)XMMWORD PTR ", "$1")
                        .strip();
        final Matcher branch = RELATIVE.matcher(rest);
        if (branch.matches()) {
            final long distance = Long.parseUnsignedLong(branch.group(2), 16) - at;
            // With 16 bits of EIP, code goes on in the first 64 KiB.
            final long target = distance < 0 ? distance & 0xffff : distance;
            rest = branch.group(1) + " 0x" + Long.toHexString(target);
        }
        return withImmediate(rest);
    }

    private static String withImmediate(final String text) {
        final Matcher compare = PREDICATE.matcher(text);
        if (compare.matches()) {
            final int predicate = PREDICATES.indexOf(compare.group(1));
            return "cmp" + compare.group(2) + " " + compare.group(3) + ",0x" + predicate;
        }
        final Matcher product = HALVES.matcher(text);
        if (product.matches()) {
            final boolean first = product.group(1).equals("h");
            final boolean second = product.group(2).equals("h");
            final String halves = (second ? "1" : "") + (first ? "1" : "0");
            return "pclmulqdq " + product.group(3) + ",0x" + halves;
        }
        return text;
    }
}
