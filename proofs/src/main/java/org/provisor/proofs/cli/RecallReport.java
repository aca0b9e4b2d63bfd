// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import static org.provisor.proofs.cli.SeededColumns.padded;
import static org.provisor.proofs.cli.SeededColumns.seconds;

import org.jspecify.annotations.Nullable;
import org.provisor.proofs.recall.Advisory;
import org.provisor.proofs.recall.Advisory.Standing;
import org.provisor.proofs.recall.Mutant;
import org.provisor.proofs.recall.MutantFinder.Found;
import org.provisor.proofs.recall.RecallJudge;
import org.provisor.proofs.recall.RecallVerdict;
import org.provisor.proofs.recall.RecallVerdict.Ending;
import org.provisor.proofs.recall.RecallVerdict.Oracle;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToLongFunction;

/// What came of mutants: shown, and written as a table and as a page.
final class RecallReport {

    private static final String CSV = "recall.csv";
    private static final String PAGE = "recall.md";
    private static final String[] COLUMNS = {
        "mutant",
        "standing",
        "ending",
        "cpu-seconds",
        "steps",
        "programs",
        "oracle",
        "calls",
        "clause",
        "part",
        "why"
    };

    private final PrintWriter to;
    private final @Nullable Path directory;
    private final List<Advisory> advisories;
    private final List<RecallVerdict> verdicts = new ArrayList<>();
    private int width;

    /// @param directory where to write, if anywhere
    /// @param advisories those that the mutants are of, and those that have none; empty for others
    RecallReport(PrintWriter to, @Nullable Path directory, List<Advisory> advisories) {
        this.to = to;
        this.directory = directory;
        this.advisories = advisories;
    }

    /// Says how advisories stand.
    static void list(PrintWriter to, List<Advisory> advisories) {
        for (Advisory advisory : advisories) {
            to.println(
                    padded(advisory.id(), 10)
                            + padded(advisory.standing().toString(), 12)
                            + padded(advisory.area(), 16)
                            + advisory.title()
                            + (advisory.why().isEmpty() ? "" : ": " + advisory.why()));
        }
        to.println(standings(advisories));
        to.flush();
    }

    private static String standings(List<Advisory> advisories) {
        StringBuilder text = new StringBuilder(advisories.size() + " errors of advisories:");
        String comma = " ";
        for (Standing standing : Standing.values()) {
            long count = advisories.stream().filter(a -> a.standing() == standing).count();
            text.append(comma).append(count).append(' ').append(standing);
            comma = ", ";
        }
        return text.toString();
    }

    /// Before the first row. The directory is tried out, so that nothing is looked for in vain.
    void begin(List<Mutant> mutants) {
        if (directory != null) {
            try {
                Files.createDirectories(directory);
            } catch (IOException e) {
                throw new BadInput("cannot write into " + directory);
            }
            CsvFile.create(directory.resolve(CSV), COLUMNS).close();
        }
        width = 2 + mutants.stream().mapToInt(m -> m.name().length()).max().orElse(0);
        width = Math.max(width, RecallJudge.CONTROL.length() + 2);
        to.println(
                padded("error", width)
                        + "            cpu       steps  calls  oracle       what differs");
    }

    /// What came of one.
    void row(RecallVerdict verdict) {
        verdicts.add(verdict);
        Optional<Found> found = verdict.search().found();
        to.println(
                padded(verdict.mutant(), width)
                        + padded(ending(verdict), 8)
                        + String.format(
                                Locale.ROOT,
                                "%6s s %,11d  %5s  %-11s  %s",
                                seconds(verdict.search().cpuNanos()),
                                verdict.search().steps(),
                                found.map(each -> Integer.toString(each.calls())).orElse(""),
                                verdict.oracle(),
                                found.map(each -> each.clause() + ": " + each.part()).orElse("")));
        to.flush();
        if (directory != null && found.isPresent()) {
            write(directory.resolve(verdict.mutant() + ".trace"), found.get().trace());
        }
    }

    /// Nothing is missed where nothing was to be found.
    private static String ending(RecallVerdict verdict) {
        return isControl(verdict) && verdict.ending() == Ending.MISSED
                ? "agreed"
                : verdict.ending().toString();
    }

    private static boolean isControl(RecallVerdict verdict) {
        return verdict.mutant().equals(RecallJudge.CONTROL);
    }

    /// After the last row.
    ///
    /// @return whether every error was found, and nothing without one
    boolean end(String budget, String seed) {
        List<RecallVerdict> mutants = verdicts.stream().filter(v -> !isControl(v)).toList();
        List<RecallVerdict> found = mutants.stream().filter(RecallVerdict::found).toList();
        List<RecallVerdict> missed = mutants.stream().filter(v -> !v.found()).toList();
        List<String> sums = new ArrayList<>();
        if (!advisories.isEmpty()) {
            sums.add(standings(advisories));
        }
        sums.add(
                String.format(
                        Locale.ROOT,
                        "found %d of %d, %.1f %%%s",
                        found.size(),
                        mutants.size(),
                        100.0 * found.size() / mutants.size(),
                        found.isEmpty()
                                ? ""
                                : "; in the median after "
                                        + seconds(median(found, v -> v.search().cpuNanos()))
                                        + " s of a processor, with "
                                        + median(found, RecallReport::calls)
                                        + " calls"));
        sums.add("found by " + byOracle(found));
        for (RecallVerdict verdict : missed) {
            sums.add("missed: " + verdict.mutant());
        }
        boolean accused =
                verdicts.stream().anyMatch(v -> isControl(v) && v.ending() != Ending.MISSED);
        if (accused) {
            sums.add("the implementation as it is was accused: nothing of this counts");
        }
        sums.forEach(to::println);
        to.flush();
        writeAll(sums, budget, seed);
        return missed.isEmpty() && !accused;
    }

    private static long calls(RecallVerdict verdict) {
        return verdict.search().found().orElseThrow().calls();
    }

    private static String byOracle(List<RecallVerdict> found) {
        StringBuilder text = new StringBuilder();
        for (Oracle oracle : Oracle.values()) {
            long count = found.stream().filter(v -> v.oracle() == oracle).count();
            if (count > 0) {
                text.append(text.isEmpty() ? "" : ", ").append(oracle).append(' ').append(count);
            }
        }
        return text.isEmpty() ? "nothing" : text.toString();
    }

    private void writeAll(List<String> sums, String budget, String seed) {
        if (directory == null) {
            return;
        }
        try (CsvFile table = CsvFile.create(directory.resolve(CSV), COLUMNS)) {
            verdicts.forEach(verdict -> table.row(values(verdict)));
            for (Advisory advisory : advisories) {
                if (advisory.standing() != Standing.EXPRESSIBLE) {
                    table.row(
                            advisory.id(),
                            advisory.standing().toString(),
                            "",
                            "",
                            "",
                            "",
                            "",
                            "",
                            "",
                            "",
                            advisory.why());
                }
            }
        }
        write(directory.resolve(PAGE), page(sums, budget, seed));
        to.println("wrote " + directory.resolve(CSV) + ", " + directory.resolve(PAGE));
        to.flush();
    }

    private static String[] values(RecallVerdict verdict) {
        Optional<Found> found = verdict.search().found();
        return new String[] {
            verdict.mutant(),
            isControl(verdict) ? "" : Standing.EXPRESSIBLE.toString(),
            ending(verdict),
            seconds(verdict.search().cpuNanos()),
            Long.toString(verdict.search().steps()),
            Long.toString(verdict.search().programs()),
            verdict.oracle().toString(),
            found.map(each -> Integer.toString(each.calls())).orElse(""),
            found.map(Found::clause).orElse(""),
            found.map(Found::part).orElse(""),
            ""
        };
    }

    private String page(List<String> sums, String budget, String seed) {
        StringBuilder page = new StringBuilder("# Recall\n\n");
        page.append("Errors put into the implementation, each looked for by the same campaign of")
                .append(" one thread, seed ")
                .append(seed)
                .append(", for at most ")
                .append(budget)
                .append(" of a processor.\n\n");
        sums.forEach(line -> page.append("* ").append(line).append('\n'));
        page.append("\n| error | | CPU s | steps | calls | oracle | what differs |\n")
                .append("|---|---|---|---|---|---|---|\n");
        for (RecallVerdict verdict : verdicts) {
            Optional<Found> found = verdict.search().found();
            page.append("| ")
                    .append(
                            String.join(
                                    " | ",
                                    titled(verdict.mutant()),
                                    ending(verdict),
                                    seconds(verdict.search().cpuNanos()),
                                    Long.toString(verdict.search().steps()),
                                    found.map(each -> Integer.toString(each.calls())).orElse(""),
                                    verdict.oracle().toString(),
                                    found.map(each -> each.clause() + ": " + each.part())
                                            .orElse("")))
                    .append(" |\n");
        }
        for (Standing standing : Standing.values()) {
            List<Advisory> those =
                    advisories.stream().filter(a -> a.standing() == standing).toList();
            if (standing != Standing.EXPRESSIBLE && !those.isEmpty()) {
                page.append("\n## Not counted: ").append(standing).append("\n\n");
                page.append("| error | why |\n|---|---|\n");
                for (Advisory a : those) {
                    page.append("| ").append(titled(a.id())).append(" | ").append(a.why());
                    page.append(" |\n");
                }
            }
        }
        return page.toString();
    }

    private String titled(String id) {
        return advisories.stream()
                .filter(advisory -> advisory.id().equals(id))
                .map(advisory -> id + ", " + advisory.title())
                .findFirst()
                .orElse(id);
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new BadInput("cannot write " + file);
        }
    }

    /// The middle one; of two in the middle, the greater.
    private static long median(List<RecallVerdict> verdicts, ToLongFunction<RecallVerdict> of) {
        return verdicts.stream()
                .mapToLong(of)
                .sorted()
                .skip(verdicts.size() / 2)
                .findFirst()
                .orElseThrow();
    }
}
