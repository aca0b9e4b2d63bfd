// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.book;

import io.vavr.collection.Vector;

import org.provisor.proofs.html.Html;
import org.provisor.spec.abi.Bytes;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.example.Changes;
import org.provisor.spec.example.Example;
import org.provisor.spec.example.GuestRam;
import org.provisor.spec.example.Scene;
import org.provisor.spec.state.Choices;
import org.provisor.spec.state.Machine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// A worked example as it is read: given, what happens, what comes of it.
final class ExampleHtml {

    private ExampleHtml() {}

    static String of(Example example) {
        StringBuilder html = new StringBuilder("<details class=\"example\"><summary>");
        html.append(Html.escaped(example.title())).append("</summary>\n<dl>\n");
        part("Given", given(example), html);
        List<String> happens = new ArrayList<>();
        happens.add(example.by() + ": " + example.event());
        if (!example.choices().equals(Choices.NONE)) {
            happens.add("observed: " + example.choices());
        }
        part("What happens", happens, html);
        part("Answer", List.of(example.answers()), html);
        part("What changes", orNothing(example.changes()), html);
        if (!example.owed().isEmpty()) {
            part("Flushes and writes to the caller", example.owed().asJava(), html);
        }
        part("Rows that decide", example.outcome().rows().asJava(), html);
        if (!example.breaks().isEmpty()) {
            part("An invariant does not hold afterwards", List.of(example.breaks()), html);
        }
        return html.append("</dl>\n</details>\n").toString();
    }

    private static List<String> orNothing(Vector<String> lines) {
        return lines.isEmpty() ? List.of("nothing") : lines.asJava();
    }

    private static void part(String head, List<String> lines, StringBuilder html) {
        html.append("<dt>").append(head).append("</dt><dd>");
        for (String line : lines) {
            html.append("<code>").append(Html.escaped(line)).append("</code><br>");
        }
        html.append("</dd>\n");
    }

    /// What is different from the usual scene, if it is one like that.
    private static List<String> given(Example example) {
        Machine machine = example.given().machine();
        Machine usual = Scene.usual().machine();
        List<String> lines = new ArrayList<>();
        if (machine.profile().equals(usual.profile())
                && machine.frames().size() == usual.frames().size()) {
            lines.add("the usual machine, but:");
            lines.addAll(Changes.between(usual, machine).asJava());
            if (lines.size() == 1) {
                lines.set(0, "the usual machine");
            }
        } else {
            lines.add(
                    "a machine of "
                            + machine.frames().size()
                            + " frames, "
                            + machine.profile().slots()
                            + " entries in a table");
        }
        GuestRam ram = example.given().ram();
        ram.structures()
                .toSortedMap(
                        Comparator.comparingLong(GuestAddress::value),
                        each -> each._1,
                        each -> each._2)
                .forEach((at, bytes) -> lines.add("memory at " + at + ": " + words(bytes)));
        return lines;
    }

    private static long word(Bytes bytes, long at) {
        long word = 0;
        for (int i = 7; i >= 0; i--) {
            word = word << 8 | bytes.byteAt(at + i);
        }
        return word;
    }

    private static String words(Bytes bytes) {
        StringBuilder text = new StringBuilder();
        for (long at = 0; at + 8 <= bytes.size(); at += 8) {
            text.append(text.isEmpty() ? "" : " ");
            text.append(String.format(Locale.ROOT, "%x", word(bytes, at)));
        }
        return text.toString();
    }
}
