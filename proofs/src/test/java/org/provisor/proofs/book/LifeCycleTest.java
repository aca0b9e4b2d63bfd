// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.book;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.provisor.proofs.book.Transitions.Change;
import org.provisor.proofs.book.Transitions.Shown;
import org.provisor.spec.example.Examples;

import java.util.List;

final class LifeCycleTest {

    private static List<Shown> shown(String id) {
        return Transitions.of(cycle(id), Examples.all());
    }

    private static LifeCycle cycle(String id) {
        return LifeCycle.all().stream().filter(each -> each.id().equals(id)).toList().getFirst();
    }

    /// What does a change; empty if no example shows it.
    private static List<String> clauses(String id, String from, String to) {
        return shown(id).stream()
                .filter(each -> each.change().equals(new Change(from, to)))
                .flatMap(each -> each.clauses().stream())
                .toList();
    }

    @Test
    void clausesAreThoseThatDoIt() {
        assertEquals(List.of("mm.validate.descriptors"), clauses("type", "no type", "descriptors"));
        assertTrue(clauses("owner", "free", "a domain's").contains("mm.allocate"));
    }

    /// A frame that is held to a type gets no other before it is idle.
    @Test
    void typesExcludeEachOther() {
        for (Shown each : shown("type")) {
            String from = each.change().from();
            String to = each.change().to();
            boolean held = !from.endsWith("idle") && !from.equals("no type");
            boolean other = !to.startsWith(from.split(",", 2)[0]) && !to.equals("no type");
            assertFalse(held && other && !to.endsWith("idle"), each.toString());
        }
        assertEquals(List.of(), clauses("type", "writable", "table"));
    }

    @Test
    void nobodyComesBackToLife() {
        assertFalse(clauses("domain", "alive", "dying").isEmpty());
        assertTrue(shown("domain").stream().noneMatch(each -> each.change().to().equals("alive")));
    }

    @Test
    void eachChangeIsDrawn() {
        for (LifeCycle cycle : LifeCycle.all()) {
            List<Shown> shown = shown(cycle.id());
            String svg = new StateDiagram(cycle, shown).svg();
            for (int number = 1; number <= shown.size(); number++) {
                assertTrue(svg.contains("href=\"#" + cycle.id() + "-" + number + "\""), cycle.id());
            }
            for (Shown each : shown) {
                assertTrue(each.examples() > 0);
                assertFalse(each.clauses().isEmpty());
            }
        }
    }

    @Test
    void withoutExamplesNothingIsDrawn() {
        LifeCycle cycle = cycle("roots");
        assertEquals(List.of(), Transitions.of(cycle, List.of()));
        assertFalse(new StateDiagram(cycle, List.of()).svg().contains("<rect"));
    }
}
