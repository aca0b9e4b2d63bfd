// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.book;

import org.jspecify.annotations.Nullable;
import org.provisor.model.Json;
import org.provisor.proofs.html.Html;
import org.provisor.proofs.requirement.ClauseText;
import org.provisor.proofs.requirement.Link;
import org.provisor.proofs.requirement.Link.Kind;
import org.provisor.proofs.requirement.Requirement;
import org.provisor.proofs.requirement.Requirement.Level;
import org.provisor.proofs.requirement.Traceability;
import org.provisor.spec.example.Example;
import org.provisor.spec.example.Examples;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Writes the book: a directory of pages that need no server.
public final class Book {

    /// A file that says that a directory holds a book, and may be replaced.
    private static final String MARK = "book.json";

    private final Traceability traced;
    private final Seen seen;
    private final String build;
    private final SortedMap<String, Source> sources;
    private final List<Chapter> chapters;

    /// The specification as a script.
    private final String stepper;

    private final Map<String, List<Example>> examples = new HashMap<>();
    private final Map<String, String> files = new TreeMap<>();
    private final String top = resource("top.html");
    private final String bottom = resource("bottom.html");

    private Book(
            Traceability traced,
            Seen seen,
            String build,
            SortedMap<String, Source> sources,
            String stepper)
            throws IOException {
        this.stepper = stepper;
        this.traced = traced;
        this.seen = seen;
        this.build = build;
        this.sources = sources;
        chapters = Chapter.of(traced.clauses());
        for (Example example : Examples.all()) {
            examples.computeIfAbsent(example.row(), _ -> new ArrayList<>()).add(example);
        }
    }

    /// Writes the book.
    ///
    /// @param project the project's directory
    /// @param classpath the libraries that the specification uses
    /// @param directory where to; what is there is replaced
    /// @param evidence a pack of evidence that pages say the results of, if there is one
    /// @param build version and commit, in words
    /// @param stepper the specification as a script, see `StepperScript`
    /// @return how many pages there are
    public static int write(
            Path project,
            String classpath,
            Path directory,
            @Nullable Path evidence,
            String build,
            String stepper)
            throws IOException {
        Path root = project.resolve("spec/src/main/java");
        Book book =
                new Book(
                        Traceability.of(project),
                        Seen.in(evidence, directory),
                        build,
                        Sources.in(root, classpath),
                        stepper);
        book.pages();
        book.write(directory);
        return (int) book.files.keySet().stream().filter(name -> name.endsWith(".html")).count();
    }

    /// Whether a directory holds a book, or nothing, so that it may be replaced.
    public static boolean replaceable(Path directory) throws IOException {
        if (!Files.exists(directory) || Files.exists(directory.resolve(MARK))) {
            return true;
        }
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (Stream<Path> inside = Files.list(directory)) {
            return inside.findAny().isEmpty();
        }
    }

    private void pages() throws IOException {
        files.put("book.css", resource("book.css"));
        files.put("book.js", resource("book.js"));
        files.put("search.js", "const PAGES = " + Json.write(searchable()) + ";\n");
        files.put(MARK, Json.write(Map.of("build", build)));
        files.put("index.html", contents());
        files.put("rules.html", rules());
        files.put("needs.html", needs());
        files.put("questions.html", questions());
        files.put("states.html", states());
        files.put("step.html", step());
        files.put("step.js", resource("step.js"));
        files.put("rows.js", "const ROWS = " + Json.write(rowTexts()) + ";\n");
        files.put("stepper.js", stepper);
        List<ClauseText> order =
                chapters.stream().flatMap(each -> each.clauses().stream()).toList();
        for (int i = 0; i < order.size(); i++) {
            ClauseText clause = order.get(i);
            files.put(
                    "clause/" + clause.id() + ".html",
                    clause(
                            clause,
                            i == 0 ? null : order.get(i - 1),
                            i + 1 == order.size() ? null : order.get(i + 1)));
        }
        for (Source source : sources.values()) {
            files.put("source/" + source.type() + ".html", source(source));
        }
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Book.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private StringBuilder begin(String title, String up) {
        String style = "<link rel=\"stylesheet\" href=\"" + up + "book.css\">\n";
        return new StringBuilder(Html.begin(title + " – Provisor", style))
                .append(top.replace("{up}", up).replace("{evidence}", seen.link(up)));
    }

    private String end(StringBuilder page, String up) {
        return page.append(bottom.replace("{up}", up).replace("{build}", Html.escaped(build)))
                .append(Html.end())
                .toString();
    }

    private Prose prose(String up) {
        return new Prose(name -> named(name, up));
    }

    /// A name in a comment: linked if it is a class of the specification.
    private String named(String name, String up) {
        String simple = name.replaceFirst("#.*", "");
        String said = name.replaceFirst("^#", "");
        for (String type : sources.keySet()) {
            if (!simple.isEmpty() && type.endsWith("." + simple)) {
                return "[`" + said + "`](" + up + "source/" + type + ".html)";
            }
        }
        return "`" + said + "`";
    }

    /// What each row says, in a line.
    private Map<String, String> rowTexts() {
        Map<String, String> texts = new TreeMap<>();
        for (ClauseText clause : traced.clauses()) {
            for (ClauseText.Row row : clause.rows()) {
                texts.put(clause.id() + "/" + row.name(), plain(String.join(" – ", row.cells())));
            }
        }
        return texts;
    }

    private static String plain(String markdown) {
        return markdown.replaceAll("[`*\\[\\]]", "");
    }

    private String step() throws IOException {
        String page = begin("Step through it", "").append(resource("step.html")).toString();
        return end(new StringBuilder(page.replace("<body>", "<body class=\"stepping\">")), "");
    }

    private String questions() {
        StringBuilder page = begin("Questions", "");
        page.append("<h1>What an auditor asks</h1>\n<p class=\"lead\">");
        page.append("Where the answers stand, and how one gets there from the first page.</p>\n");
        page.append("<ol class=\"questions\">\n");
        for (Question question : Question.all()) {
            page.append("<li>").append(Html.escaped(question.text()));
            page.append("<br><span class=\"path\">");
            page.append(Html.escaped(String.join(" → ", question.clicks())))
                    .append("</span></li>\n");
        }
        return end(page.append("</ol>\n"), "");
    }

    private String states() {
        StringBuilder page = begin("Life cycles", "");
        page.append("<h1>Life cycles</h1>\n<p class=\"lead\">");
        page.append(
                "Which states of frames, domains and vCPUs change into which others, drawn from");
        page.append(" what the rules make of the worked examples.</p>\n");
        page.append("<p>A number leads to the change below its drawing: the clauses that go best");
        page.append(" with it, the first most of all.</p>\n");
        for (LifeCycle cycle : LifeCycle.all()) {
            List<Transitions.Shown> shown = Transitions.of(cycle, Examples.all());
            page.append("<h2 id=\"").append(cycle.id()).append("\">");
            page.append(Html.escaped(cycle.title())).append("</h2>\n<p>");
            page.append(Html.escaped(cycle.intro())).append("</p>\n<div class=\"wide\">");
            page.append(new StateDiagram(cycle, shown).svg()).append("</div>\n");
            page.append("<div class=\"wide\"><table><thead><tr><th scope=\"col\">change</th>");
            page.append("<th scope=\"col\">from</th><th scope=\"col\">to</th>");
            page.append("<th scope=\"col\">by</th><th scope=\"col\">examples</th></tr></thead>");
            page.append("<tbody>\n");
            for (int i = 0; i < shown.size(); i++) {
                change(cycle.id() + "-" + (i + 1), i + 1, shown.get(i), page);
            }
            page.append("</tbody></table></div>\n");
        }
        return end(page, "");
    }

    private static void change(String id, int number, Transitions.Shown each, StringBuilder page) {
        page.append("<tr id=\"").append(id).append("\"><th scope=\"row\">").append(number);
        page.append("</th><td>").append(Html.escaped(each.change().from())).append("</td><td>");
        page.append(Html.escaped(each.change().to())).append("</td><td>");
        for (String clause : each.clauses()) {
            page.append("<a href=\"clause/").append(clause).append(".html\">").append(clause);
            page.append("</a> ");
        }
        String clause = each.row().substring(0, each.row().indexOf('/'));
        String row = each.row().substring(clause.length() + 1);
        page.append("</td><td class=\"count\"><a href=\"clause/").append(clause);
        page.append(".html#row-").append(row).append("\">").append(each.examples());
        page.append("</a></td></tr>\n");
    }

    private String contents() {
        StringBuilder page = begin("Contents", "");
        page.append("<h1>What a Xen-compatible hypervisor does with memory</h1>\n");
        page.append(prose("").paragraphs(introduction()));
        page.append("<ol class=\"chapters\">\n");
        for (Chapter chapter : chapters) {
            page.append("<li><h2>").append(Html.escaped(chapter.title())).append("</h2>\n<p>");
            page.append(Html.escaped(chapter.intro())).append("</p>\n<ul>\n");
            for (ClauseText clause : chapter.clauses()) {
                page.append("<li><a href=\"clause/").append(clause.id()).append(".html\">");
                page.append(clause.id()).append("</a> ");
                page.append(prose("").line(clause.summary())).append("</li>\n");
            }
            page.append("</ul></li>\n");
        }
        page.append("</ol>\n<h2>All sources</h2>\n<p class=\"sources\">\n");
        for (String type : sources.keySet()) {
            page.append("<a href=\"source/").append(type).append(".html\">").append(type);
            page.append("</a>\n");
        }
        return end(page.append("</p>\n"), "");
    }

    private String introduction() {
        return String.format(
                Locale.ROOT,
                "Paravirtual guests of Xen write their own page tables; the hypervisor looks at"
                    + " each change. Here is what it does, as %d clauses with %,d rows, generated"
                    + " from the source that is run: by %,d worked examples, by exploration of"
                    + " every machine of a small world, against an implementation, and against a"
                    + " real Xen.\n\n"
                    + "A clause is a decision table; the first row that fits decides. Beside the"
                    + " table stand the source that decides so, what it cites in Xen and in the"
                    + " processor's manual, and examples of each row. *Held* means referred to; a"
                    + " frame is *idle* when nobody holds it to its type. In examples `mfn 10` is a"
                    + " machine frame and `d1v0` a vCPU of domain 1, numbers are hexadecimal, `x1`"
                    + " counts references, and an entry is shown as `rw+124`: frame, permissions,"
                    + " other bits.",
                traced.clauses().size(),
                traced.clauses().stream().mapToLong(each -> each.rows().size()).sum(),
                examples.values().stream().mapToLong(List::size).sum());
    }

    private String clause(
            ClauseText clause, @Nullable ClauseText before, @Nullable ClauseText after) {
        String up = "../";
        StringBuilder page = begin(clause.id(), up);
        Prose prose = prose(up);
        page.append("<h1>").append(clause.id()).append("</h1>\n<p class=\"lead\">");
        page.append(prose.line(clause.summary())).append("</p>\n");
        badges(clause, page);
        table(clause, prose, page);
        clause.more().forEach(paragraph -> page.append(prose.paragraphs(paragraph)));
        Source source = sources.get(clause.type());
        if (source != null) {
            page.append("<h2>The rule</h2>\n");
            int from = source.text().indexOf(clause.code().lines().findFirst().orElse(""));
            int start = start(source, clause.line());
            int end = end(source, start, clause.code());
            page.append(from < 0 ? "" : code(up).of(source, start, end, false));
            page.append("<p><a href=\"../source/").append(clause.type()).append(".html#L");
            page.append(clause.line()).append("\">").append(clause.type()).append(", line ");
            page.append(clause.line()).append("</a></p>\n");
        }
        cited(clause, page);
        exampleParts(clause, page);
        links(clause, page);
        page.append("<nav class=\"turn\" aria-label=\"Reading order\">");
        turn(before, "←", page);
        turn(after, "→", page);
        return end(page.append("</nav>\n"), up);
    }

    private static void turn(@Nullable ClauseText to, String arrow, StringBuilder page) {
        if (to != null) {
            page.append("<a href=\"").append(to.id()).append(".html\">").append(arrow).append(' ');
            page.append(to.id()).append("</a> ");
        }
    }

    private static int start(Source source, long line) {
        int at = 0;
        for (long i = 1; i < line; i++) {
            at = source.text().indexOf('\n', at) + 1;
        }
        return at;
    }

    /// As many lines as the declaration has.
    private static int end(Source source, int start, String code) {
        int at = start;
        for (long i = code.lines().count(); i > 0; i--) {
            int next = source.text().indexOf('\n', at);
            if (next < 0) {
                return source.text().length();
            }
            at = next + 1;
        }
        return at - 1;
    }

    private CodeHtml code(String up) {
        return new CodeHtml((type, line) -> up + "source/" + type + ".html#L" + line);
    }

    private void table(ClauseText clause, Prose prose, StringBuilder page) {
        List<String> columns = List.of();
        for (ClauseText.Row row : clause.rows()) {
            if (!row.columns().equals(columns)) {
                page.append(columns.isEmpty() ? "" : "</tbody></table></div>\n");
                columns = row.columns();
                page.append("<div class=\"wide\"><table><thead><tr><th scope=\"col\">row</th>");
                columns.forEach(column ->
                        page.append("<th scope=\"col\">")
                                .append(prose.line(column))
                                .append("</th>"));
                page.append("<th scope=\"col\">examples</th>").append(seen.heads());
                page.append("</tr></thead><tbody>\n");
            }
            String name = clause.id() + "/" + row.name();
            page.append("<tr id=\"row-")
                    .append(row.name())
                    .append("\"><th scope=\"row\"><a href=\"#row-");
            page.append(row.name()).append("\">").append(row.name()).append("</a></th>");
            row.cells()
                    .forEach(cell -> page.append("<td>").append(prose.line(cell)).append("</td>"));
            int count = examples.getOrDefault(name, List.of()).size();
            page.append("<td class=\"count\">").append(count == 0 ? "–" : count).append("</td>");
            page.append(seen.cells(name)).append("</tr>\n");
        }
        page.append(columns.isEmpty() ? "" : "</tbody></table></div>\n");
    }

    private void badges(ClauseText clause, StringBuilder page) {
        Map<Kind, List<Link>> linked = traced.byClause().getOrDefault(clause.id(), Map.of());
        page.append("<p class=\"badges\">");
        for (Kind kind : Kind.values()) {
            int count = linked.getOrDefault(kind, List.of()).size();
            page.append("<span class=\"badge").append(count == 0 ? " none" : "").append("\">");
            page.append(kind.word()).append(' ').append(count).append("</span> ");
        }
        page.append("</p>\n");
    }

    private void cited(ClauseText clause, StringBuilder page) {
        if (!clause.sources().isEmpty() || !clause.rules().isEmpty()) {
            page.append("<h2>What it rests on</h2>\n<ul>\n");
            for (String source : clause.sources()) {
                boolean xen = source.startsWith("@xen ");
                page.append("<li>").append(xen ? "Xen 4.17: <code>" : "Intel SDM ");
                page.append(Html.escaped(source.substring(5))).append(xen ? "</code>" : "");
                page.append("</li>\n");
            }
            Map<String, String> texts =
                    traced.requirements().stream()
                            .filter(each -> each.level() == Level.PRODUCT)
                            .collect(Collectors.toMap(Requirement::name, Requirement::text));
            for (String rule : clause.rules()) {
                page.append("<li><a href=\"../rules.html#").append(rule).append("\">").append(rule);
                page.append("</a> ").append(Html.escaped(texts.getOrDefault(rule, "")));
                page.append("</li>\n");
            }
            page.append("</ul>\n");
        }
    }

    private void exampleParts(ClauseText clause, StringBuilder page) {
        if (clause.rowNames().stream().noneMatch(examples::containsKey)) {
            return;
        }
        page.append("<h2>Worked examples</h2>\n");
        for (ClauseText.Row row : clause.rows()) {
            List<Example> of = examples.getOrDefault(clause.id() + "/" + row.name(), List.of());
            if (!of.isEmpty()) {
                page.append("<h3>Row ").append(row.name()).append("</h3>\n");
                of.forEach(example -> page.append(ExampleHtml.of(example)));
            }
        }
    }

    private void links(ClauseText clause, StringBuilder page) {
        Map<Kind, List<Link>> linked = traced.byClause().getOrDefault(clause.id(), Map.of());
        page.append("<h2>What carries it out, and what checks it</h2>\n<dl class=\"links\">\n");
        Map<Kind, String> heads = new LinkedHashMap<>();
        heads.put(Kind.IMPLEMENTATION, "Code of the implementation");
        heads.put(Kind.PROPERTY, "Property that compares the two");
        heads.put(Kind.MODEL, "Predicates of Alloy models");
        heads.put(Kind.PROOF, "Transitions and invariants of the unbounded proof");
        heads.put(Kind.ADVISORY, "Errors that Xen had, put into that code");
        heads.put(Kind.SEEDED, "Errors put into this rule, each found by the examples");
        heads.forEach((kind, head) -> {
            page.append("<dt>").append(head).append("</dt><dd>");
            List<Link> of = linked.getOrDefault(kind, List.of());
            page.append(
                    of.isEmpty()
                            ? "none"
                            : of.stream()
                                    .map(link ->
                                            "<code title=\""
                                                    + Html.escaped(link.where())
                                                    + "\">"
                                                    + Html.escaped(link.name())
                                                    + "</code>")
                                    .collect(Collectors.joining(", ")));
            page.append("</dd>\n");
        });
        page.append("</dl>\n");
    }

    private String source(Source source) {
        StringBuilder page = begin(source.type(), "../");
        page.append("<h1>").append(source.type()).append("</h1>\n<p>");
        page.append("<code>spec/src/main/java/").append(source.file()).append("</code></p>\n");
        List<ClauseText> stated =
                traced.clauses().stream()
                        .filter(each -> each.type().equals(source.type()))
                        .sorted(Comparator.comparingLong(ClauseText::line))
                        .toList();
        if (!stated.isEmpty()) {
            page.append("<p>States ");
            page.append(
                    stated.stream()
                            .map(each ->
                                    "<a href=\"../clause/"
                                            + each.id()
                                            + ".html\">"
                                            + each.id()
                                            + "</a>")
                            .collect(Collectors.joining(", ")));
            page.append(".</p>\n");
        }
        page.append(code("../").of(source, 0, source.text().length(), true));
        return end(page, "../");
    }

    private String rules() {
        StringBuilder page = begin("Rules", "");
        page.append(
                "<h1>The rules that a specification of this must state</h1>\n"
                        + "<p>From what real Xen, its source and its advisories teach.</p>\n"
                        + "<div class=\"wide\"><table><thead><tr><th scope=\"col\">rule</th><th"
                        + " scope=\"col\">says</th><th scope=\"col\">stated"
                        + " by</th></tr></thead><tbody>\n");
        Map<String, List<String>> stated = new HashMap<>();
        for (Requirement each : traced.requirements()) {
            if (each.level() == Level.SOFTWARE) {
                each.parents()
                        .forEach(parent ->
                                stated.computeIfAbsent(parent, _ -> new ArrayList<>())
                                        .add(each.name()));
            }
        }
        for (Requirement each : traced.requirements()) {
            if (each.level() == Level.PRODUCT) {
                page.append("<tr id=\"").append(each.name()).append("\"><th scope=\"row\">");
                page.append(each.name()).append("</th><td>").append(Html.escaped(each.text()));
                page.append("</td><td>");
                page.append(
                        each.excepted().isEmpty()
                                ? stated.getOrDefault(each.name(), List.of()).stream()
                                        .map(id ->
                                                "<a href=\"clause/" + id + ".html\">" + id + "</a>")
                                        .collect(Collectors.joining(", "))
                                : "not stated: " + Html.escaped(each.excepted()));
                page.append("</td></tr>\n");
            }
        }
        return end(page.append("</tbody></table></div>\n"), "");
    }

    private String needs() {
        StringBuilder page = begin("Requirements", "");
        page.append("<h1>What it is all for</h1>\n");
        for (Requirement need : traced.requirements()) {
            if (need.level() == Level.MARKET) {
                page.append("<h2 id=\"").append(need.name()).append("\">").append(need.name());
                page.append("</h2>\n<p>").append(Html.escaped(need.text())).append("</p>\n<ul>\n");
                for (Requirement each : traced.requirements()) {
                    if (each.level() == Level.PRODUCT && each.parents().contains(need.name())) {
                        page.append("<li><a href=\"rules.html#").append(each.name()).append("\">");
                        page.append(each.name()).append("</a> ");
                        page.append(Html.escaped(each.text())).append("</li>\n");
                    }
                }
                page.append("</ul>\n");
            }
        }
        return end(page, "");
    }

    /// What is searched: title, text and address of each page.
    private List<Object> searchable() {
        List<Object> pages = new ArrayList<>();
        for (ClauseText clause : traced.clauses()) {
            StringBuilder text = new StringBuilder(clause.summary());
            clause.more().forEach(each -> text.append(' ').append(each));
            clause.rows().forEach(row -> text.append(' ').append(String.join(" ", row.cells())));
            clause.sources().forEach(each -> text.append(' ').append(each));
            clause.rules().forEach(each -> text.append(' ').append(each));
            pages.add(List.of(clause.id(), "clause/" + clause.id() + ".html", text.toString()));
        }
        for (Requirement each : traced.requirements()) {
            if (each.level() == Level.PRODUCT) {
                pages.add(List.of(each.name(), "rules.html#" + each.name(), each.text()));
            }
        }
        sources.keySet()
                .forEach(type -> pages.add(List.of(type, "source/" + type + ".html", "source")));
        return pages;
    }

    private void write(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> old = Files.walk(directory)) {
                for (Path file : old.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path to = directory.resolve(file.getKey());
            Files.createDirectories(to.getParent());
            Files.writeString(to, file.getValue());
        }
    }
}
