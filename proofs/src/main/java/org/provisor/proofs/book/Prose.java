// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.book;

import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Comments in HTML: Markdown, with names in link tags and in brackets as code.
final class Prose {

    private static final Pattern LINK = Pattern.compile("\\{@link ([^}]*)}");
    private static final Pattern NAME = Pattern.compile("\\[(#?[A-Za-z][\\w.#]*)](?!\\()");
    private static final Parser PARSER = Parser.builder().build();
    private static final HtmlRenderer RENDERER = HtmlRenderer.builder().build();

    private final UnaryOperator<String> linked;

    /// @param linked what a name is linked as, in HTML
    Prose(UnaryOperator<String> linked) {
        this.linked = linked;
    }

    /// A paragraph or more.
    String paragraphs(String markdown) {
        String names = replaced(LINK, replaced(NAME, markdown));
        Node document = PARSER.parse(names);
        return RENDERER.render(document);
    }

    /// Text within a line.
    String line(String markdown) {
        return paragraphs(markdown).strip().replaceAll("^<p>|</p>$", "");
    }

    private String replaced(Pattern pattern, String text) {
        return pattern.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(linked.apply(found.group(1))));
    }
}
