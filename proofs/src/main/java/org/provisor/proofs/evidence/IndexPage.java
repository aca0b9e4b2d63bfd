// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.evidence;

import org.provisor.proofs.activity.Activities;
import org.provisor.proofs.activity.Activity;
import org.provisor.proofs.activity.Result;
import org.provisor.proofs.activity.Result.Case;
import org.provisor.proofs.activity.Result.Verdict;
import org.provisor.proofs.html.Html;
import org.provisor.proofs.requirement.ClauseText;
import org.provisor.proofs.requirement.Link;
import org.provisor.proofs.requirement.Link.Kind;
import org.provisor.refine.program.NamedProfile;

import java.util.ArrayList;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// The page that an assessor reads first: what was claimed, what was run, what came of it, what was
/// not run. One file, without scripts, that prints well.
final class IndexPage {

    private static final int BAR = 320;

    private final Run run;
    private final Formatter page = new Formatter(Locale.ROOT);

    IndexPage(Run run) {
        this.run = run;
    }

    String text() {
        page.format("%s", Html.begin("Provisor: evidence", Texts.all("pack.css")));
        head();
        activities();
        notRun();
        failures();
        charts();
        safetyCase();
        trace();
        assumptions();
        configuration();
        page.format("</main>%n%s", Html.end());
        return page.toString();
    }

    private void head() {
        long notRun = count(Verdict.NOT_RUN);
        long failed = count(Verdict.FAILED);
        page.format(
                "<header>%n<h1>Evidence for Provisor</h1>%n<p>Version %s, commit <code>%s</code>,"
                        + " profile <code>%s</code>: %s; seed <code>%s</code>%s.</p>%n",
                Html.escaped(run.identity().version()),
                Html.escaped(run.identity().commit()),
                Html.escaped(run.settings().profile().toString()),
                Html.escaped(run.settings().profile().meaning()),
                run.settings().seedText(),
                run.settings().steps().map(steps -> ", " + steps + " steps").orElse(""));
        page.format(
                "<p class=\"verdict %s\">%s</p>%n",
                failed == 0 ? "passed" : "failed",
                failed == 0
                        ? String.format(
                                "Nothing failed: %d of %d activities passed, %d not run.",
                                count(Verdict.PASSED), run.results().size(), notRun)
                        : String.format(
                                "%d of %d activities failed.", failed, run.results().size()));
        page.format(
                "<nav aria-label=\"Contents\"><a href=\"#run\">What was run</a> <a"
                    + " href=\"#rows\">Which rows decided</a> <a href=\"#case\">Safety case</a> <a"
                    + " href=\"#trace\">Clauses</a> <a href=\"#assumptions\">Assumptions</a> <a"
                    + " href=\"#configuration\">Configuration</a></nav>%n</header>%n<main>%n");
    }

    private long count(Verdict verdict) {
        return run.results().stream().filter(each -> each.verdict() == verdict).count();
    }

    private void activities() {
        page.format("<h2 id=\"run\">What was run</h2>%n<table>%n");
        page.format(
                "<caption>Each claim, and what was seen in this very build, in each profile of the"
                    + " specification: what was not run in a profile is not claimed there. Results"
                    + " are in <code>results/</code>.</caption>%n<thead><tr><th"
                    + " scope=\"col\">claim</th>");
        for (NamedProfile each : NamedProfile.values()) {
            page.format("<th scope=\"col\">in %s</th>", Html.escaped(each.toString()));
        }
        page.format(
                "<th scope=\"col\">what was seen</th><th"
                        + " scope=\"col\">again</th></tr></thead>%n<tbody>%n");
        for (Activity activity : Activities.all()) {
            Result result = run.result(activity.name());
            page.format(
                    "<tr id=\"claim-%s\"><th scope=\"row\">%s</th>",
                    activity.name(), Html.escaped(activity.claim()));
            for (NamedProfile each : NamedProfile.values()) {
                String said = Pack.said(run, activity, result, each);
                page.format("<td class=\"%s\">%s</td>", said.replace(' ', '-'), said);
            }
            page.format(
                    "<td>%s</td><td><code>./provisor %s</code></td></tr>%n",
                    Html.escaped(result.summary()), Html.escaped(activity.command(run.settings())));
        }
        page.format("</tbody>%n</table>%n");
    }

    private static String style(Result result) {
        return result.verdict().text().replace(' ', '-');
    }

    private void notRun() {
        page.format("<h2>What was not run, and what there is not</h2>%n<ul>%n");
        for (Result result : run.results()) {
            if (result.verdict() == Verdict.NOT_RUN) {
                page.format(
                        "<li><strong>%s</strong>: %s</li>%n",
                        result.activity(), Html.escaped(result.summary()));
            }
        }
        Texts.lines("absent.txt").forEach(line -> page.format("<li>%s</li>%n", Html.escaped(line)));
        page.format("</ul>%n");
    }

    private void failures() {
        if (count(Verdict.FAILED) == 0) {
            return;
        }
        page.format("<h2>What failed</h2>%n");
        for (Result result : run.results()) {
            for (Case each : result.failures()) {
                page.format(
                        "<h3>%s: %s</h3>%n<pre>%s</pre>%n",
                        result.activity(), Html.escaped(each.name()), Html.escaped(each.what()));
            }
        }
    }

    private List<Result> deciding() {
        return run.results().stream().filter(each -> !each.rows().isEmpty()).toList();
    }

    /// How many rows were seen to decide, by activity and by area.
    private void charts() {
        List<String> rows =
                run.traced().clauses().stream().flatMap(each -> each.rowNames().stream()).toList();
        page.format(
                "<h2 id=\"rows\">Which rows were seen to decide</h2>%n<p>The specification's"
                    + " decision tables have %d rows. A row that no activity saw decide is a rule"
                    + " that was never exercised.</p>%n",
                rows.size());
        page.format(
                "<table class=\"bars\"><caption>Rows that decided, by"
                        + " activity</caption>%n<tbody>%n");
        for (Result result : deciding()) {
            bar(
                    result.activity(),
                    rows.stream().filter(result.rows()::containsKey).count(),
                    rows.size());
        }
        long ever = rows.stream().filter(this::decided).count();
        bar("any of them", ever, rows.size());
        page.format("</tbody></table>%n");
        Map<String, List<String>> areas = new TreeMap<>();
        for (String row : rows) {
            areas.computeIfAbsent(area(row), _ -> new ArrayList<>()).add(row);
        }
        page.format(
                "<details><summary>By area</summary><table class=\"bars\"><caption>Rows that"
                        + " decided in any activity, by area</caption>%n<tbody>%n");
        areas.forEach(
                (area, all) -> bar(area, all.stream().filter(this::decided).count(), all.size()));
        page.format("</tbody></table></details>%n");
        List<String> never = rows.stream().filter(row -> !decided(row)).toList();
        if (!never.isEmpty()) {
            page.format(
                    "<details><summary>%d rows decided in no activity of this"
                            + " run</summary><p>%s</p></details>%n",
                    never.size(), String.join(", ", never));
        }
    }

    private boolean decided(String row) {
        return run.results().stream().anyMatch(each -> each.rows().containsKey(row));
    }

    /// `mm.page-type` of `mm.page-type.get/a`.
    private static String area(String row) {
        String[] parts = row.replaceFirst("/.*", "").split("\\.");
        return parts.length > 1 ? parts[0] + "." + parts[1] : parts[0];
    }

    private void bar(String name, long part, long all) {
        long width = all == 0 ? 0 : Math.round((double) BAR * part / all);
        page.format(
                "<tr><th scope=\"row\">%s</th><td><svg width=\"%d\" height=\"14\" role=\"img\""
                        + " aria-label=\"%d of %d\"><rect class=\"all\" width=\"%d\""
                        + " height=\"14\"/><rect class=\"part\" width=\"%d\""
                        + " height=\"14\"/></svg></td><td>%d of %d</td></tr>%n",
                Html.escaped(name), BAR, part, all, BAR, width, part, all);
    }

    private void safetyCase() {
        page.format(
                "<h2 id=\"case\">Safety case</h2>%n<p>In the words of GSN: what is indented"
                        + " supports what is above it.</p>%n<ul class=\"case\">%n");
        node(SafetyCase.shipped());
        page.format("</ul>%n");
    }

    private void node(SafetyCase.Node node) {
        String text =
                switch (node.kind()) {
                    case SOLUTION -> solution(node.name());
                    case ASSUMPTION ->
                            String.format("<a href=\"#%s\">%s</a>", node.name(), node.name());
                    default -> "<b>" + node.name() + "</b> " + Html.escaped(node.text());
                };
        page.format(
                "<li class=\"%s\"><span class=\"kind\">%s</span> %s",
                node.kind().name().toLowerCase(Locale.ROOT),
                node.kind().name().toLowerCase(Locale.ROOT),
                text);
        if (!node.below().isEmpty()) {
            page.format("%n<ul>%n");
            node.below().forEach(this::node);
            page.format("</ul>%n");
        }
        page.format("</li>%n");
    }

    private String solution(String activity) {
        Result result = run.result(activity);
        return String.format(
                "<a href=\"#claim-%s\">%s</a>: <span class=\"%s\">%s</span>, %s",
                activity,
                activity,
                style(result),
                result.verdict().text(),
                Html.escaped(result.summary()));
    }

    private void trace() {
        List<Result> deciding = deciding();
        page.format(
                "<h2 id=\"trace\">Clauses</h2>%n<table class=\"trace\">%n<caption>Each clause,"
                    + " where it is stated, how much is traced to it, and how many of its rows each"
                    + " activity saw decide; all of it by name in"
                    + " <code>trace.json</code>.</caption>%n<thead><tr><th"
                    + " scope=\"col\">clause</th>");
        for (Kind kind : Kind.values()) {
            page.format("<th scope=\"col\">%s</th>", kind.word());
        }
        page.format("<th scope=\"col\">mutants</th>");
        deciding.forEach(each -> page.format("<th scope=\"col\">%s</th>", each.activity()));
        page.format("</tr></thead>%n<tbody>%n");
        Map<String, Map<Kind, List<Link>>> linked = run.traced().byClause();
        for (ClauseText clause : run.traced().clauses()) {
            page.format(
                    "<tr><th scope=\"row\""
                            + " title=\"%s\"><code>%s</code><small>%s.%s:%d</small></th>",
                    Html.escaped(clause.summary()),
                    clause.id(),
                    clause.type(),
                    clause.method(),
                    clause.line());
            for (Kind kind : Kind.values()) {
                int count =
                        linked.getOrDefault(clause.id(), Map.of())
                                .getOrDefault(kind, List.of())
                                .size();
                page.format(
                        "<td%s>%s</td>",
                        count == 0 ? " class=\"none\"" : "", count == 0 ? "–" : count);
            }
            String killed = run.result("mutants").killedOf(clause.id());
            page.format(
                    "<td%s>%s</td>",
                    killed.isEmpty() ? " class=\"none\"" : "",
                    killed.isEmpty() ? "–" : killed.replace(" of ", "/"));
            for (Result result : deciding) {
                long seen = clause.rowNames().stream().filter(result.rows()::containsKey).count();
                int all = clause.rows().size();
                page.format(
                        "<td%s>%s</td>",
                        all > 0 && seen < all ? " class=\"part\"" : "",
                        all == 0 ? "" : seen + "/" + all);
            }
            page.format("</tr>%n");
        }
        page.format("</tbody>%n</table>%n");
    }

    private void assumptions() {
        page.format(
                "<h2 id=\"assumptions\">Assumptions</h2>%n<table>%n<caption>What is trusted without"
                        + " being shown here.</caption>%n<thead><tr><th scope=\"col\">name</th><th"
                        + " scope=\"col\">owner</th><th scope=\"col\">trusted</th><th"
                        + " scope=\"col\">tested</th></tr></thead>%n<tbody>%n");
        for (Assumption each : Assumption.ledger()) {
            page.format(
                    "<tr id=\"%s\"><th"
                            + " scope=\"row\">%s</th><td>%s</td><td>%s</td><td>%s</td></tr>%n",
                    each.name(),
                    each.name(),
                    Html.escaped(each.owner()),
                    Html.escaped(each.text()),
                    Html.escaped(each.tested()));
        }
        page.format("</tbody>%n</table>%n");
    }

    private void configuration() {
        page.format(
                "<h2 id=\"configuration\">Configuration</h2>%n<p>Java %s, %s, %s%s%s. The SHA-256"
                    + " of every source and library is in <code>configuration.json</code>, of every"
                    + " file of this pack in <code>MANIFEST.sha256</code>.</p>%n<p>To check that"
                    + " nothing was changed, and to run a sample again: <code>./provisor"
                    + " verify-evidence DIR</code>.</p>%n",
                Runtime.version(),
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                // Where steps are counted threads decide nothing.
                run.settings().steps().isPresent() ? "" : "; " + run.settings().jobs() + " threads",
                run.settings()
                        .xen()
                        .map(xen ->
                                "; Xen <code>" + Html.escaped(xen.image().toString()) + "</code>")
                        .orElse(""));
    }
}
