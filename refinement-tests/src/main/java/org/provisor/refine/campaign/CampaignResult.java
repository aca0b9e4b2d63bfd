// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.campaign;

import java.util.Collections;
import java.util.Formatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What a campaign did and found.
///
/// @param seed that it began with
/// @param steps how many were compared: a call, and each time that it was made again
/// @param calls how many were made, those made again counted once
/// @param programs how many were played
/// @param nanos how long it took, with what it took to shrink
/// @param rows which rows of the specification decided
/// @param operations how often each sub-operation was done and compared, in a fixed order
/// @param unspecified what the specification says nothing of, and how often that was met
/// @param excused rows that need not be reached, with the reason
/// @param differences what was found, each kind once, in the order in which it was found
/// @param notSeenAgain what was found but not seen by every [Witness], so that it does not count
public record CampaignResult(
        long seed,
        long steps,
        long calls,
        long programs,
        long nanos,
        RowCounts rows,
        Map<String, Long> operations,
        Map<String, Long> unspecified,
        Map<String, String> excused,
        List<Finding> differences,
        List<Finding> notSeenAgain) {

    public CampaignResult {
        operations = Collections.unmodifiableMap(new LinkedHashMap<>(operations));
        unspecified = Map.copyOf(unspecified);
        excused = Map.copyOf(excused);
        differences = List.copyOf(differences);
        notSeenAgain = List.copyOf(notSeenAgain);
    }

    public double stepsPerSecond() {
        return nanos == 0 ? 0 : steps * 1e9 / nanos;
    }

    /// The summary as lines of text, without the differences.
    public String text() {
        Formatter text = new Formatter(Locale.ROOT);
        text.format("seed          0x%x%n", seed);
        text.format("programs      %,d%n", programs);
        text.format("calls         %,d%n", calls);
        text.format(
                "steps         %,d in %.1f s, %,.0f a second%n",
                steps, nanos / 1e9, stepsPerSecond());
        text.format(
                "rows reached  %d of %d, %d more excused%n",
                rows.reached(), rows.rows(), rows.rows() - rows.reached() - missing().size());
        long unsaid = unspecified.values().stream().mapToLong(Long::longValue).sum();
        text.format("unspecified   %,d steps, for %d reasons%n", unsaid, unspecified.size());
        text.format("differences   %s%n", differences.isEmpty() ? "none" : differences.size());
        if (!notSeenAgain.isEmpty()) {
            text.format("not again     %d that do not count%n", notSeenAgain.size());
        }
        return text.toString();
    }

    /// The rows not reached for which there is no excuse.
    public List<String> missing() {
        return rows.unreached().stream().filter(row -> !excused.containsKey(row)).toList();
    }

    /// How often the rows of each clause decided, which never did, what the specification says
    /// nothing of, how often each sub-operation was done, and once more the rows not reached for
    /// which there is no excuse.
    public String coverage() {
        Formatter text = new Formatter(Locale.ROOT);
        text.format("%s", rows.byClause());
        for (String row : rows.unreached()) {
            String excuse = excused.get(row);
            text.format("not reached: %s%s%n", row, excuse == null ? "" : ", excused: " + excuse);
        }
        unspecified.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(e -> text.format("unspecified: %s, %,d%n", e.getKey(), e.getValue()));
        operations.forEach((name, count) -> text.format("%-62s %,13d%n", name, count));
        missing().forEach(row -> text.format("not reached, not excused: %s%n", row));
        return text.toString();
    }
}
