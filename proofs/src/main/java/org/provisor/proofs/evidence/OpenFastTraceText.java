// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.evidence;

import org.provisor.proofs.requirement.ClauseText;
import org.provisor.proofs.requirement.Link;
import org.provisor.proofs.requirement.Link.Kind;
import org.provisor.proofs.requirement.Requirement;
import org.provisor.proofs.requirement.Requirement.Level;
import org.provisor.proofs.requirement.Traceability;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The requirements in Markdown as OpenFastTrace imports it, which Xen uses for its own.
///
/// Needs are `mkt`, product requirements `prod`, clauses `swdgn`; what covers a clause is an
/// `impl`, a `property` or an `example`. A requirement that is excepted says why, and needs no
/// cover.
final class OpenFastTraceText {

    private final Traceability traced;

    OpenFastTraceText(Traceability traced) {
        this.traced = traced;
    }

    /// The requirements of a level, as a document.
    String requirements(Level level) {
        Map<String, ClauseText> clauses =
                traced.clauses().stream()
                        .collect(Collectors.toMap(ClauseText::id, Function.identity()));
        StringBuilder text = new StringBuilder("# " + title(level) + "\n");
        for (Requirement each : traced.requirements()) {
            if (each.level() == level) {
                text.append("\n## ").append(each.name()).append('\n');
                text.append('`').append(each.id()).append("`\n\n");
                text.append(each.text()).append('\n');
                if (clauses.containsKey(each.name())) {
                    rationale(clauses.get(each.name()), text);
                }
                if (!each.excepted().isEmpty()) {
                    text.append("\nRationale:\n\n").append(exception(each)).append('\n');
                }
                list("Covers", each.parents().stream().map(p -> parent(level, p)).toList(), text);
                String needs = needs(each);
                if (!needs.isEmpty()) {
                    text.append("\nNeeds: ").append(needs).append('\n');
                }
            }
        }
        return text.toString();
    }

    private static String title(Level level) {
        return switch (level) {
            case MARKET -> "What the user needs";
            case PRODUCT -> "What the product does";
            case SOFTWARE -> "What the software does";
        };
    }

    private static void rationale(ClauseText clause, StringBuilder text) {
        text.append("\nComment:\n\n");
        clause.more().forEach(paragraph -> text.append(paragraph).append("\n\n"));
        clause.sources().forEach(source -> text.append(source).append("\n\n"));
        text.append("Stated by ").append(clause.type()).append('.').append(clause.method());
        text.append(", line ").append(clause.line()).append(".\n");
    }

    private static String exception(Requirement each) {
        return each.level() == Level.SOFTWARE
                ? "No code carries it out: " + each.excepted() + "."
                : "Not stated by a clause: " + each.excepted() + ".";
    }

    private static String parent(Level level, String name) {
        String kind = level == Level.SOFTWARE ? Level.PRODUCT.kind() : Level.MARKET.kind();
        return "`" + kind + "~" + name + "~1`";
    }

    private String needs(Requirement each) {
        return switch (each.level()) {
            case MARKET -> Level.PRODUCT.kind();
            case PRODUCT -> each.excepted().isEmpty() ? Level.SOFTWARE.kind() : "";
            case SOFTWARE -> {
                boolean invariant = each.name().startsWith("invariant.");
                String code = each.excepted().isEmpty() ? "impl, property" : "property";
                yield invariant ? "" : code;
            }
        };
    }

    private static void list(String head, List<String> items, StringBuilder text) {
        if (!items.isEmpty()) {
            text.append('\n').append(head).append(":\n\n");
            items.forEach(item -> text.append("* ").append(item).append('\n'));
        }
    }

    /// What covers the clauses, as a document.
    String coverage() {
        StringBuilder text =
                new StringBuilder("# What carries the clauses out, and what checks them\n");
        Map<String, Integer> numbers = new HashMap<>();
        Set<String> needing = new HashSet<>();
        for (Requirement each : traced.requirements()) {
            if (each.level() == Level.SOFTWARE && !needs(each).isEmpty()) {
                needing.add(each.name());
            }
        }
        for (Link link : traced.links()) {
            boolean needed = link.kind() == Kind.IMPLEMENTATION || link.kind() == Kind.PROPERTY;
            if (needed && needing.contains(link.clause())) {
                String name = link.kind().word() + "~" + link.clause();
                int number = numbers.merge(name, 1, Integer::sum);
                text.append("\n## ").append(link.name()).append('\n');
                text.append('`').append(name).append('-').append(number).append("~1`\n\n");
                text.append(link.where()).append("\n\nCovers:\n\n* `swdgn~");
                text.append(link.clause()).append("~1`\n");
            }
        }
        return text.toString();
    }
}
