// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import static org.provisor.proofs.cli.SeededColumns.padded;
import static org.provisor.proofs.cli.SeededColumns.seconds;

import org.jspecify.annotations.Nullable;
import org.provisor.proofs.seeded.CampaignJudge;
import org.provisor.proofs.seeded.CampaignVerdict;
import org.provisor.proofs.seeded.CampaignVerdict.Ending;
import org.provisor.proofs.seeded.ErrorFinder.Difference;
import org.provisor.proofs.seeded.SeededError;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToLongFunction;

/// Errors that a campaign is to find, some at once, as the command shows them.
final class SeededByCampaign {

    private final PrintWriter out;
    private final boolean traces;
    private final @Nullable Path table;
    private final int jobs;

    /// @param traces whether to say how each error shows
    /// @param table where to write the table too, if anywhere
    /// @param jobs how many errors to look for at once
    SeededByCampaign(PrintWriter out, boolean traces, @Nullable Path table, int jobs) {
        this.out = out;
        this.traces = traces;
        this.table = table;
        this.jobs = jobs;
    }

    /// Judges errors.
    ///
    /// @return whether all were found
    boolean judged(CampaignJudge judge, List<SeededError> errors) {
        errors.forEach(judge::fits);
        int width = SeededColumns.width(errors);
        List<CampaignVerdict> verdicts = new ArrayList<>();
        try (CsvFile rows = table == null ? null : csv(table);
                ExecutorService threads = Executors.newFixedThreadPool(jobs)) {
            List<Future<CampaignVerdict>> begun =
                    errors.stream().map(e -> threads.submit(() -> judge.judge(e))).toList();
            out.println(
                    padded("error", width) + "           time       steps  calls  what differs");
            for (int i = 0; i < errors.size(); i++) {
                CampaignVerdict verdict = ended(errors.get(i), begun.get(i), threads);
                verdicts.add(verdict);
                show(verdict, width);
                if (rows != null) {
                    rows.row(values(verdict));
                }
            }
        }
        sum(verdicts);
        return verdicts.stream().allMatch(CampaignVerdict::found);
    }

    private static CampaignVerdict ended(
            SeededError error, Future<CampaignVerdict> verdict, ExecutorService threads) {
        try (ProgressLine progress = ProgressLine.onStandardError()) {
            progress.show(error::name);
            return verdict.get();
        } catch (ExecutionException | InterruptedException e) {
            threads.shutdownNow();
            throw new IllegalStateException(e);
        }
    }

    private static CsvFile csv(Path table) {
        return CsvFile.create(
                table, "error", "ending", "seconds", "steps", "calls", "clause", "part");
    }

    private static String[] values(CampaignVerdict verdict) {
        Optional<Difference> found = verdict.search().difference();
        return new String[] {
            verdict.error().name(),
            verdict.ending().toString(),
            seconds(verdict.search().nanos()),
            Long.toString(verdict.search().steps()),
            found.map(difference -> Integer.toString(difference.calls())).orElse(""),
            found.map(Difference::clause).orElse(""),
            found.map(Difference::part).orElse("")
        };
    }

    private void show(CampaignVerdict verdict, int width) {
        Optional<Difference> found = verdict.search().difference();
        out.println(
                padded(verdict.error().name(), width)
                        + padded(verdict.ending().toString(), 8)
                        + String.format(
                                Locale.ROOT,
                                "%5s s %,11d  %5s  ",
                                seconds(verdict.search().nanos()),
                                verdict.search().steps(),
                                found.map(each -> Integer.toString(each.calls())).orElse(""))
                        + found.map(each -> each.clause() + ": " + each.part()).orElse(""));
        if (traces) {
            found.ifPresent(each -> {
                each.explanation().lines().forEach(line -> out.println("    " + line));
                each.program().lines().forEach(line -> out.println("    " + line));
            });
        }
        out.flush();
    }

    private void sum(List<CampaignVerdict> verdicts) {
        StringBuilder sum = new StringBuilder(SeededColumns.errors(verdicts.size()));
        for (Ending each : Ending.values()) {
            long count = verdicts.stream().filter(v -> v.ending() == each).count();
            if (count > 0) {
                sum.append(sum.charAt(sum.length() - 1) == ':' ? " " : ", ")
                        .append(count)
                        .append(' ')
                        .append(each);
            }
        }
        List<CampaignVerdict> found =
                verdicts.stream().filter(v -> v.search().difference().isPresent()).toList();
        if (!found.isEmpty()) {
            long nanos = median(found, v -> v.search().nanos());
            long calls = median(found, v -> v.search().difference().orElseThrow().calls());
            sum.append("; in the median after ")
                    .append(seconds(nanos))
                    .append(" s, with ")
                    .append(calls)
                    .append(calls == 1 ? " call" : " calls");
        }
        out.println(sum);
        out.flush();
    }

    /// The middle one; of two in the middle, the greater.
    private static long median(List<CampaignVerdict> verdicts, ToLongFunction<CampaignVerdict> of) {
        return verdicts.stream()
                .mapToLong(of)
                .sorted()
                .skip(verdicts.size() / 2)
                .findFirst()
                .orElseThrow();
    }
}
