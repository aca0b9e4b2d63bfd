// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.requirement;

import org.provisor.proofs.requirement.Link.Kind;
import org.provisor.proofs.requirement.Requirement.Level;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Requirements and what is traced to them.
///
/// @param requirements all, needs first
/// @param clauses the clauses of the specification, by identifier
/// @param links what belongs to a clause
public record Traceability(
        List<Requirement> requirements, List<ClauseText> clauses, List<Link> links) {

    public Traceability {
        requirements = List.copyOf(requirements);
        clauses = List.copyOf(clauses);
        links = List.copyOf(links);
    }

    /// What a project's sources say.
    ///
    /// @param project its directory
    public static Traceability of(Path project) {
        List<ClauseText> clauses = ClauseTexts.in(project.resolve("spec/src/main/java"));
        return new Traceability(Requirements.of(clauses), clauses, Links.in(project, clauses));
    }

    /// The links of each clause by kind; every clause is a key.
    public Map<String, Map<Kind, List<Link>>> byClause() {
        Map<String, Map<Kind, List<Link>>> map = new TreeMap<>();
        clauses.forEach(clause -> map.put(clause.id(), new EnumMap<>(Kind.class)));
        for (Link link : links) {
            map.computeIfAbsent(link.clause(), _ -> new EnumMap<>(Kind.class))
                    .computeIfAbsent(link.kind(), _ -> new ArrayList<>())
                    .add(link);
        }
        return map;
    }

    /// Requirements for which there is nothing a level below, and no reason why not. Of a clause:
    /// no implementation, or no property. An invariant is a property of all states: what keeps it
    /// are the other clauses, what checks it is every activity.
    public List<String> uncovered() {
        Set<String> served =
                requirements.stream()
                        .flatMap(each -> each.parents().stream())
                        .collect(Collectors.toSet());
        List<String> uncovered = new ArrayList<>();
        for (Requirement each : requirements) {
            if (each.level() != Level.SOFTWARE
                    && !served.contains(each.name())
                    && each.excepted().isEmpty()) {
                uncovered.add(each.id());
            }
        }
        Map<String, Map<Kind, List<Link>>> linked = byClause();
        for (Requirement each : requirements) {
            if (each.level() == Level.SOFTWARE && !each.name().startsWith("invariant.")) {
                Map<Kind, List<Link>> links = linked.getOrDefault(each.name(), Map.of());
                if (!links.containsKey(Kind.IMPLEMENTATION) && each.excepted().isEmpty()) {
                    uncovered.add(each.id() + " has no code");
                }
                if (!links.containsKey(Kind.PROPERTY)) {
                    uncovered.add(each.id() + " has no property");
                }
            }
        }
        return uncovered;
    }

    /// What is said to belong to a requirement that there is not.
    public List<String> orphans() {
        Set<String> known = new LinkedHashSet<>();
        clauses.forEach(clause -> known.add(clause.id()));
        List<String> orphans = new ArrayList<>();
        for (Link link : links) {
            if (!known.contains(link.clause())) {
                orphans.add(link.kind().word() + " " + link.name() + " for " + link.clause());
            }
        }
        Set<String> names = new LinkedHashSet<>();
        requirements.forEach(each -> names.add(each.name()));
        for (Requirement each : requirements) {
            for (String parent : each.parents()) {
                if (!names.contains(parent)) {
                    orphans.add(each.id() + " for " + parent);
                }
            }
        }
        Map<String, Map<Kind, List<Link>>> linked = byClause();
        for (Requirement each : requirements) {
            if (!each.excepted().isEmpty()
                    && linked.getOrDefault(each.name(), Map.of())
                            .containsKey(Kind.IMPLEMENTATION)) {
                orphans.add("the exception of " + each.id() + ", which has code");
            }
        }
        return orphans;
    }

    /// The product requirements that nothing has to serve, with the reason.
    public Map<String, String> excepted() {
        Map<String, String> excepted = new TreeMap<>();
        for (Requirement each : requirements) {
            if (!each.excepted().isEmpty()) {
                excepted.put(each.id(), each.excepted());
            }
        }
        return excepted;
    }
}
