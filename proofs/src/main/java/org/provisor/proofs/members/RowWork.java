// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.members;

import org.jspecify.annotations.Nullable;
import org.provisor.proofs.mail.MailReader;
import org.provisor.proofs.mail.MailWriter;
import org.provisor.proofs.recall.MutantFinder.Found;
import org.provisor.proofs.recall.MutantFinder.Search;
import org.provisor.proofs.recall.RecallJudge;
import org.provisor.proofs.recall.RecallVerdict;
import org.provisor.proofs.recall.RecallVerdict.Ending;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The campaign on one mutant, whose classes come with the request: so a member needs no file of
/// whoever asks.
final class RowWork {

    private @Nullable RecallJudge judge;
    private long judgeSeed;
    private long judgeNanos;

    /// @param name what the mutant is called
    /// @param classes those that it changes, by name; none for the implementation as it is
    static byte[] request(long seed, long cpuNanos, String name, Map<String, byte[]> classes) {
        MailWriter to = Workplace.request(Workplace.Kind.ROW);
        to.number(seed).number(cpuNanos).text(name).small(classes.size());
        classes.forEach((each, bytes) -> to.text(each).block(bytes));
        return to.done();
    }

    byte[] answer(MailReader request) {
        RecallJudge judging = judge(request.number(), request.number());
        String name = request.text();
        Map<String, byte[]> classes = new TreeMap<>();
        for (int left = request.small(); left > 0; left--) {
            classes.put(request.text(), request.block());
        }
        RecallVerdict verdict =
                classes.isEmpty() ? judging.control() : judging.judge(name, classes);
        MailWriter to = new MailWriter();
        write(to, verdict);
        return to.done();
    }

    private synchronized RecallJudge judge(long seed, long cpuNanos) {
        RecallJudge known = judge;
        if (known == null || seed != judgeSeed || cpuNanos != judgeNanos) {
            known = new RecallJudge(seed, cpuNanos);
            judge = known;
            judgeSeed = seed;
            judgeNanos = cpuNanos;
        }
        return known;
    }

    private static void write(MailWriter to, RecallVerdict verdict) {
        Search search = verdict.search();
        to.text(verdict.mutant()).text(verdict.ending().name());
        to.number(search.steps()).number(search.programs()).number(search.cpuNanos());
        to.flag(search.found().isPresent());
        search.found()
                .ifPresent(found ->
                        to.text(found.clause())
                                .text(found.part())
                                .small(found.calls())
                                .text(found.program())
                                .text(found.trace()));
    }

    static RecallVerdict verdict(MailReader from) {
        return new RecallVerdict(
                from.text(),
                Ending.valueOf(from.text()),
                new Search(
                        from.number(),
                        from.number(),
                        from.number(),
                        from.flag() ? Optional.of(found(from)) : Optional.empty()));
    }

    private static Found found(MailReader from) {
        return new Found(from.text(), from.text(), from.small(), from.text(), from.text());
    }
}
