// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

import org.provisor.impl.decode.Opcode;
import org.provisor.impl.decode.OpcodeTable;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// What a campaign of snippets came to.
///
/// @param seed where chance started
/// @param snippets how many were carried out on both sides
/// @param discarded how many were not, because they could not be judged
/// @param notSeenAgain those that differed once, but not when they were tried again: an interrupt
///   at a moment when a snippet had a stack that the kernel cannot return to; or a switch of
///   threads on a processor of AMD's, which then loses where the last x87 instruction was (`xsave`
///   and `fxsave` leave that out unless an exception is pending), as `fnsave` and `fnstenv` show
/// @param nanos how long it took
/// @param table the rows
/// @param hits how often each row was carried out
/// @param leftOut rows that cannot be tried here, and why
/// @param differences one of each kind
public record CpuFuzzResult(
        long seed,
        long snippets,
        long discarded,
        List<CpuDifference> notSeenAgain,
        long nanos,
        OpcodeTable table,
        List<Long> hits,
        Map<Opcode, String> leftOut,
        List<CpuDifference> differences) {

    public double snippetsPerSecond() {
        return nanos == 0 ? 0 : snippets * 1e9 / nanos;
    }

    /// How many rows were carried out at least so often.
    public int rowsHit(final long times) {
        int rows = 0;
        for (final long count : hits) {
            rows += count >= times ? 1 : 0;
        }
        return rows;
    }

    /// A few lines.
    public String text() {
        final StringBuilder text = new StringBuilder();
        final int tried = table.rows().size() - leftOut.size();
        text.append(
                String.format(
                        Locale.ROOT,
                        "%,d snippets in %.1f s, %,.0f a second; %,d not judged; seed 0x%x%n"
                                + "%d of %d rows hit, %d of them 1,000 times or more%n",
                        snippets,
                        nanos / 1e9,
                        snippetsPerSecond(),
                        discarded,
                        seed,
                        rowsHit(1),
                        tried,
                        rowsHit(1000)));
        final Map<String, Integer> reasons = new TreeMap<>();
        leftOut.forEach((row, why) -> reasons.merge(why, 1, Integer::sum));
        reasons.forEach((why, count) ->
                text.append(String.format(Locale.ROOT, "%d rows left out: %s%n", count, why)));
        text.append(
                String.format(
                        Locale.ROOT,
                        "%d rows approximate, compared by their bounds%n",
                        table.rows().stream()
                                .filter(row -> row.approximate() && !leftOut.containsKey(row))
                                .count()));
        if (!notSeenAgain.isEmpty()) {
            text.append(
                    String.format(
                            Locale.ROOT,
                            "%d snippets differed once and not again; they do not count%n",
                            notSeenAgain.size()));
            final Map<String, Integer> kinds = new TreeMap<>();
            notSeenAgain.forEach(once -> kinds.merge(once.kind(), 1, Integer::sum));
            kinds.forEach((kind, count) ->
                    text.append(String.format(Locale.ROOT, "%6d of %s%n", count, kind)));
            text.append("  the first:\n").append(notSeenAgain.getFirst().text());
        }
        text.append(String.format(Locale.ROOT, "differences: %d%n", differences.size()));
        return text.toString();
    }

    /// A line for each row.
    public String rows() {
        final StringBuilder text = new StringBuilder();
        for (final Opcode row : table.rows()) {
            final String why = leftOut.get(row);
            text.append(
                    why == null
                            ? String.format(
                                    Locale.ROOT,
                                    "%,12d  %s%n",
                                    hits.get(row.index()),
                                    RowChoice.name(row))
                            : String.format(
                                    Locale.ROOT, "%12s  %s: %s%n", "-", RowChoice.name(row), why));
        }
        return text.toString();
    }
}
