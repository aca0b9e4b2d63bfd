// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.evidence;

import org.provisor.model.Json;
import org.provisor.proofs.activity.Activities;
import org.provisor.proofs.activity.Activity;
import org.provisor.proofs.activity.Result;
import org.provisor.proofs.activity.Result.Case;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What failed, in SARIF 2.1.0: a rule an activity, a result a failed case.
final class Sarif {

    private Sarif() {}

    static String of(Run run) {
        List<Object> rules = new ArrayList<>();
        for (Activity each : Activities.all()) {
            rules.add(
                    Map.of(
                            "id", each.name(),
                            "shortDescription", Map.of("text", each.claim())));
        }
        List<Object> found = new ArrayList<>();
        for (Result result : run.results()) {
            for (Case each : result.failures()) {
                found.add(
                        Ordered.map()
                                .put("ruleId", result.activity())
                                .put("level", "error")
                                .put("message", Map.of("text", each.name() + ": " + each.what()))
                                .done());
            }
        }
        Object tool =
                Map.of(
                        "driver",
                        Ordered.map()
                                .put("name", "Provisor")
                                .put("version", run.identity().version())
                                .put("rules", rules.stream().map(Sarif::sorted).toList())
                                .done());
        return Json.write(
                Ordered.map()
                        .put("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
                        .put("version", "2.1.0")
                        .put(
                                "runs",
                                List.of(
                                        Ordered.map()
                                                .put("tool", tool)
                                                .put("results", found)
                                                .done()))
                        .done());
    }

    private static Object sorted(Object map) {
        return map instanceof Map<?, ?> unordered ? new TreeMap<>(unordered) : map;
    }
}
