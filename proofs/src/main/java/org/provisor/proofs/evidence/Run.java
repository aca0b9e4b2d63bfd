// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.evidence;

import org.provisor.proofs.activity.Result;
import org.provisor.proofs.activity.Settings;
import org.provisor.proofs.requirement.Traceability;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What was run, all that a pack is written from.
///
/// @param identity which build
/// @param settings what it was run with
/// @param traced the requirements and what belongs to them
/// @param results what came of each activity, in their order
/// @param seconds how long each took, by name
public record Run(
        Identity identity,
        Settings settings,
        Traceability traced,
        List<Result> results,
        Map<String, Double> seconds) {

    public Run {
        results = List.copyOf(results);
        seconds = new LinkedHashMap<>(seconds);
    }

    /// Whether nothing failed.
    public boolean passed() {
        return results.stream().noneMatch(each -> each.verdict() == Result.Verdict.FAILED);
    }

    /// The result of an activity that is there.
    Result result(String activity) {
        return results.stream()
                .filter(each -> each.activity().equals(activity))
                .findFirst()
                .orElseThrow();
    }
}
