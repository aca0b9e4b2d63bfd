// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.explore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// All that an exploration needs, besides the state log, to go on.
///
/// In a file it is lines of a key, a blank and a value. The file is replaced as a whole, so that a
/// process that is killed leaves the old or the new one. The states in the log up to `states` are
/// never written again; `digest` tells whether they are those that the checkpoint speaks of.
///
/// @param levels the index of the first state of each level entered, the last one in progress
/// @param levelEnd the index after the last state of the level in progress
/// @param expanded states expanded
/// @param states states in the log
/// @param tally what was counted
/// @param nanos time spent, in nanoseconds
record Checkpoint(
        String configuration,
        int width,
        List<String> kinds,
        List<Long> levels,
        long levelEnd,
        long expanded,
        long states,
        Tally tally,
        long nanos) {

    private static final String FORMAT = "1";

    void write(final Path file) {
        final StringBuilder out = new StringBuilder();
        line(out, "format", FORMAT);
        line(out, "configuration", configuration);
        line(out, "width", width);
        line(out, "levels", String.join(" ", levels.stream().map(String::valueOf).toList()));
        line(out, "level-end", levelEnd);
        line(out, "expanded", expanded);
        line(out, "states", states);
        line(out, "transitions", tally.transitions);
        line(out, "self-loops", tally.selfLoops);
        line(out, "deadlocks", tally.deadlocks);
        line(out, "min-degree", tally.minDegree);
        line(out, "max-degree", tally.maxDegree);
        line(out, "digest", tally.digest);
        line(out, "nanos", nanos);
        for (int i = 0; i < kinds.size(); i++) {
            line(out, "kind", tally.kinds[i] + " " + kinds.get(i));
        }
        for (final Found found : tally.found.values()) {
            line(
                    out,
                    "violation",
                    String.format(
                            Locale.ROOT,
                            "%d %d %d %d %d %b %s",
                            found.count(),
                            found.level(),
                            found.print(),
                            found.action(),
                            found.index(),
                            found.onAction(),
                            found.what()));
        }
        line(out, "end", "");
        final Path next = file.resolveSibling(file.getFileName() + ".next");
        try {
            Files.writeString(next, out);
            Files.move(
                    next,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new ExplorationException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    private static void line(final StringBuilder out, final String key, final Object value) {
        out.append(key).append(' ').append(value).append('\n');
    }

    /// Reads a checkpoint.
    ///
    /// @throws ExplorationException if the file is not a checkpoint as [#write] leaves it
    static Checkpoint read(final Path file) {
        try {
            return parse(Files.readAllLines(file));
        } catch (IOException e) {
            throw new ExplorationException("cannot read " + file + ": " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new ExplorationException(
                    file + " is not a checkpoint of this version: " + e.getMessage(), e);
        }
    }

    private static Checkpoint parse(final List<String> lines) {
        final Map<String, String> values = new TreeMap<>();
        final List<String> kinds = new ArrayList<>();
        final List<Long> counts = new ArrayList<>();
        final List<Found> found = new ArrayList<>();
        for (final String line : lines) {
            final String[] parts = line.split(" ", 2);
            final String value = parts.length == 2 ? parts[1] : "";
            switch (parts[0]) {
                case "kind" -> {
                    final String[] kind = fields(value, 2);
                    counts.add(Long.valueOf(kind[0]));
                    kinds.add(kind[1]);
                }
                case "violation" -> found.add(violation(value));
                default -> values.put(parts[0], value);
            }
        }
        if (!FORMAT.equals(values.get("format")) || !values.containsKey("end")) {
            throw new IllegalArgumentException("format or end is missing");
        }
        final Tally tally = new Tally(kinds.size());
        tally.transitions = number(values, "transitions");
        tally.selfLoops = number(values, "self-loops");
        tally.deadlocks = number(values, "deadlocks");
        tally.minDegree = (int) number(values, "min-degree");
        tally.maxDegree = (int) number(values, "max-degree");
        tally.digest = number(values, "digest");
        for (int i = 0; i < kinds.size(); i++) {
            tally.kinds[i] = counts.get(i);
        }
        found.forEach(tally::record);
        final List<Long> levels = new ArrayList<>();
        for (final String level : text(values, "levels").split(" ", -1)) {
            levels.add(Long.valueOf(level));
        }
        return new Checkpoint(
                text(values, "configuration"),
                (int) number(values, "width"),
                kinds,
                levels,
                number(values, "level-end"),
                number(values, "expanded"),
                number(values, "states"),
                tally,
                number(values, "nanos"));
    }

    private static Found violation(final String value) {
        final String[] parts = fields(value, 7);
        return new Found(
                parts[6],
                Long.parseLong(parts[0]),
                Integer.parseInt(parts[1]),
                Long.parseLong(parts[2]),
                Integer.parseInt(parts[3]),
                Long.parseLong(parts[4]),
                Boolean.parseBoolean(parts[5]));
    }

    private static String[] fields(final String value, final int count) {
        final String[] parts = value.split(" ", count);
        if (parts.length != count) {
            throw new IllegalArgumentException("a line has too few fields");
        }
        return parts;
    }

    private static long number(final Map<String, String> values, final String key) {
        return Long.parseLong(text(values, key));
    }

    private static String text(final Map<String, String> values, final String key) {
        final String value = values.get(key);
        if (value == null) {
            throw new IllegalArgumentException(key + " is missing");
        }
        return value;
    }
}
