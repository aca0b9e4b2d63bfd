// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.members;

import org.provisor.proofs.mail.MailReader;
import org.provisor.proofs.mail.MailWriter;
import org.provisor.refine.campaign.Campaign;
import org.provisor.refine.campaign.CampaignResult;
import org.provisor.refine.campaign.Finding;
import org.provisor.refine.campaign.RowCounts;
import org.provisor.refine.gen.Focus;
import org.provisor.refine.harness.Subject;
import org.provisor.refine.harness.Switches;
import org.provisor.refine.harness.Verdict.Differs;
import org.provisor.refine.trace.TraceText;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/// One round of a campaign, from its seed alone.
final class RoundWork {

    private final Function<Switches, Subject> subjects;

    RoundWork(Function<Switches, Subject> subjects) {
        this.subjects = subjects;
    }

    /// @param seed of the round
    /// @param known kinds of difference that need no second look
    static byte[] request(long seed, String only, boolean thorough, Set<String> known) {
        MailWriter to = Workplace.request(Workplace.Kind.ROUND);
        to.number(seed).text(only).flag(thorough).small(known.size());
        known.forEach(to::text);
        return to.done();
    }

    byte[] answer(MailReader request) {
        long seed = request.number();
        String only = request.text();
        Switches switches = request.flag() ? Switches.THOROUGH : Switches.ALL;
        Set<String> known = new HashSet<>();
        for (int left = request.small(); left > 0; left--) {
            known.add(request.text());
        }
        Campaign campaign =
                new Campaign(() -> subjects.apply(switches))
                        .seed(seed)
                        .rounds(1)
                        .maxDifferences(Integer.MAX_VALUE)
                        .known(known);
        if (!only.isEmpty()) {
            campaign.focus(Focus.on(only));
        }
        MailWriter to = new MailWriter();
        write(to, campaign.run());
        return to.done();
    }

    private static void write(MailWriter to, CampaignResult result) {
        to.number(result.seed()).number(result.steps());
        to.number(result.calls()).number(result.programs());
        writeCounts(to, result.rows().counts());
        writeCounts(to, result.operations());
        writeCounts(to, result.unspecified());
        to.small(result.differences().size());
        result.differences().forEach(finding -> write(to, finding));
    }

    private static void writeCounts(MailWriter to, Map<String, Long> counts) {
        to.small(counts.size());
        counts.forEach((name, count) -> to.text(name).number(count));
    }

    private static void write(MailWriter to, Finding finding) {
        to.number(finding.seed()).small(finding.number()).text(finding.only());
        to.text(TraceText.print(finding.found())).text(TraceText.print(finding.shrunk()));
        Differs differs = finding.differs();
        to.text(differs.clause()).text(differs.part()).text(differs.explanation());
    }

    /// What a round came to.
    ///
    /// @param excused rows that need not be reached
    static CampaignResult result(MailReader from, Map<String, String> excused) {
        return new CampaignResult(
                from.number(),
                from.number(),
                from.number(),
                from.number(),
                0,
                new RowCounts(new TreeMap<>(counts(from))),
                counts(from),
                counts(from),
                excused,
                findings(from),
                List.of());
    }

    private static Map<String, Long> counts(MailReader from) {
        Map<String, Long> counts = new LinkedHashMap<>();
        for (int left = from.small(); left > 0; left--) {
            counts.put(from.text(), from.number());
        }
        return counts;
    }

    private static List<Finding> findings(MailReader from) {
        List<Finding> findings = new ArrayList<>();
        for (int left = from.small(); left > 0; left--) {
            findings.add(
                    new Finding(
                            from.number(),
                            from.small(),
                            from.text(),
                            TraceText.parse("mail", from.text()),
                            TraceText.parse("mail", from.text()),
                            new Differs(from.text(), from.text(), from.text()),
                            List.of()));
        }
        return findings;
    }
}
