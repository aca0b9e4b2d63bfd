// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.activity;

import org.provisor.proofs.activity.Result.Case;
import org.provisor.proofs.requirement.Traceability;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Requirements are traced in both directions.
final class TraceabilityCheck implements Activity {

    @Override
    public String name() {
        return "traceability";
    }

    @Override
    public String claim() {
        return "Every need leads to product requirements, each of these to clauses, each clause to"
                + " code and to what checks it; and nothing leads nowhere.";
    }

    @Override
    public String command(Settings settings) {
        return "certify --claim traceability";
    }

    @Override
    public Result run(Settings settings, Consumer<String> progress) {
        Traceability traced = Traceability.of(settings.project());
        List<Case> cases = new ArrayList<>();
        cases.add(none("covered by nothing", traced.uncovered()));
        cases.add(none("leading nowhere", traced.orphans()));
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("requirements", traced.requirements().size());
        figures.put("clauses", traced.clauses().size());
        figures.put("links", traced.links().size());
        figures.put("uncovered", traced.uncovered());
        figures.put("orphans", traced.orphans());
        figures.put("excepted", traced.excepted());
        return Result.of(
                this,
                String.format(
                        "%d requirements, %,d links: %d covered by nothing, %d leading nowhere",
                        traced.requirements().size(),
                        traced.links().size(),
                        traced.uncovered().size(),
                        traced.orphans().size()),
                figures,
                cases);
    }

    private static Case none(String what, List<String> found) {
        return new Case("nothing is " + what, found.isEmpty(), String.join("; ", found));
    }
}
