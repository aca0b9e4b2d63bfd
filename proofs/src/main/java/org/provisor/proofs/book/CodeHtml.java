// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.book;

import org.provisor.proofs.html.Html;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Java in HTML: coloured, a line each, names linked to what they mean.
final class CodeHtml {

    private static final Set<String> WORDS =
            Set.of(
                    "abstract",
                    "boolean",
                    "break",
                    "byte",
                    "case",
                    "catch",
                    "class",
                    "continue",
                    "default",
                    "do",
                    "double",
                    "else",
                    "enum",
                    "extends",
                    "final",
                    "finally",
                    "for",
                    "if",
                    "implements",
                    "import",
                    "instanceof",
                    "int",
                    "interface",
                    "long",
                    "new",
                    "null",
                    "package",
                    "permits",
                    "private",
                    "protected",
                    "public",
                    "record",
                    "return",
                    "sealed",
                    "static",
                    "super",
                    "switch",
                    "this",
                    "throw",
                    "throws",
                    "true",
                    "false",
                    "try",
                    "var",
                    "void",
                    "while",
                    "yield");

    private static final Pattern TOKEN =
            Pattern.compile(
                    "(?<comment>///?[^\\n]*|/\\*.*?\\*/)|(?<string>\"\"\".*?\"\"\"|\"(?:[^\"\\\\\\n]|\\\\.)*\""
                        + "|'(?:[^'\\\\\\n]|\\\\.)')|(?<word>[A-Za-z_$][\\w$]*)|(?<annotation>@[A-Z]\\w*)"
                        + "|(?<number>\\b\\d[\\w.]*)",
                    Pattern.DOTALL);

    private final Links links;

    CodeHtml(Links links) {
        this.links = links;
    }

    /// Where names lead to.
    interface Links {

        /// The address of a line of a class, as seen from the page.
        String to(String type, long line);
    }

    /// A part of a source.
    ///
    /// @param from where it starts in the source
    /// @param to where it ends, exclusive
    /// @param anchors whether each line has an anchor `L12`
    String of(Source source, int from, int to, boolean anchors) {
        Map<Integer, Source.Name> names = new HashMap<>();
        source.names().forEach(name -> names.put(name.start(), name));
        StringBuilder html = new StringBuilder();
        String text = source.text();
        Matcher token = TOKEN.matcher(text).region(from, to);
        int at = from;
        while (token.find()) {
            html.append(Html.escaped(text.substring(at, token.start())));
            String said = Html.escaped(token.group());
            Source.Name name = names.get(token.start());
            if (token.group("comment") != null) {
                html.append(spans("c", said));
            } else if (token.group("string") != null) {
                html.append(spans("s", said));
            } else if (token.group("annotation") != null) {
                html.append(spans("a", said));
            } else if (token.group("number") != null) {
                html.append(spans("n", said));
            } else if (WORDS.contains(token.group())) {
                html.append(spans("k", said));
            } else if (name != null) {
                html.append("<a href=\"")
                        .append(links.to(name.target(), name.line()))
                        .append("\">")
                        .append(said)
                        .append("</a>");
            } else {
                html.append(said);
            }
            at = token.end();
        }
        html.append(Html.escaped(text.substring(at, to)));
        return lines(html.toString(), source.line(from), anchors);
    }

    /// A span a line, so that none goes over the end of one.
    private static String spans(String kind, String text) {
        String open = "<span class=\"" + kind + "\">";
        return open + text.replace("\n", "</span>\n" + open) + "</span>";
    }

    private static String lines(String html, long first, boolean anchors) {
        StringBuilder lines = new StringBuilder("<pre class=\"code\"><code>");
        long number = first;
        for (String line : html.split("\n", -1)) {
            if (anchors) {
                lines.append("<span id=\"L").append(number).append("\" data-line=\"");
                lines.append(number).append("\">").append(line).append("</span>\n");
            } else {
                // A member of a class by itself stands as far left as the class would.
                lines.append("<span>").append(line.replaceFirst("^ {4}", "")).append("</span>\n");
            }
            number++;
        }
        return lines.append("</code></pre>\n").toString();
    }
}
