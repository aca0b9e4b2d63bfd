// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.provisor.proofs.activity.Activities;
import org.provisor.proofs.activity.Activity;
import org.provisor.proofs.evidence.SafetyCase.Kind;
import org.provisor.proofs.evidence.SafetyCase.Node;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// The safety case has a leaf for each activity and each assumption.
final class SafetyCaseTest {

    private static void collect(Node node, Kind kind, List<String> into) {
        if (node.kind() == kind) {
            into.add(node.name());
        }
        node.below().forEach(each -> collect(each, kind, into));
    }

    @Test
    void everyActivitySupportsAGoal() {
        List<String> solutions = new ArrayList<>();
        collect(SafetyCase.shipped(), Kind.SOLUTION, solutions);
        assertEquals(
                new TreeSet<>(Activities.all().stream().map(Activity::name).toList()),
                new TreeSet<>(solutions));
    }

    @Test
    void everyAssumptionIsMadeSomewhere() {
        List<String> made = new ArrayList<>();
        collect(SafetyCase.shipped(), Kind.ASSUMPTION, made);
        assertEquals(
                new TreeSet<>(Assumption.ledger().stream().map(Assumption::name).toList()),
                new TreeSet<>(made));
    }

    @Test
    void whatIsNotShownIsSaid() {
        List<String> undeveloped = new ArrayList<>();
        collect(SafetyCase.shipped(), Kind.UNDEVELOPED, undeveloped);
        assertTrue(undeveloped.contains("G9"), undeveloped.toString());
    }
}
