// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;

import net.jqwik.api.Label;

import org.junit.jupiter.api.Test;
import org.provisor.refine.campaign.StatedClauses;
import org.provisor.spec.notation.Clause;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// Every clause has a property, and every property names a clause.
final class PropertiesTest {

    private final Map<String, String> labels = labels();

    private static Map<String, String> labels() {
        Map<String, String> labels = new TreeMap<>();
        for (JavaClass type :
                new ClassFileImporter().importPackages(PropertiesTest.class.getPackageName())) {
            for (Method method : type.reflect().getDeclaredMethods()) {
                if (method.isAnnotationPresent(ClauseProperty.class)) {
                    Label label = method.getAnnotation(Label.class);
                    assertTrue(label != null, method + " names no clause");
                    String twice = labels.put(label.value(), type.getSimpleName());
                    assertTrue(twice == null, label.value() + " has two properties");
                }
            }
        }
        return labels;
    }

    @Test
    void everyClauseHasAPropertyAndEveryPropertyAClause() {
        assertEquals(
                new ArrayList<>(StatedClauses.all().keySet()), new ArrayList<>(labels.keySet()));
    }

    @Test
    void propertiesAreWhereTheirClausesAre() {
        List<String> wrong = new ArrayList<>();
        for (JavaClass type : new ClassFileImporter().importPackages("org.provisor.spec")) {
            for (Method method : type.reflect().getDeclaredMethods()) {
                Clause clause = method.getAnnotation(Clause.class);
                if (clause != null
                        && !(type.getSimpleName() + "Test").equals(labels.get(clause.value()))) {
                    wrong.add(clause.value() + " is stated by " + type.getSimpleName());
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void whatIsListedApartIsAClause() {
        TreeSet<String> unknown = new TreeSet<>(Reached.listed().keySet());
        unknown.removeAll(StatedClauses.all().keySet());
        assertEquals(new TreeSet<>(), unknown);
    }

    /// A clause with rows is told by its rows, unless nothing reaches them.
    @Test
    void onlyWhatMustBeIsListedApart() {
        List<String> needless = new ArrayList<>();
        Reached.listed()
                .forEach((clause, how) -> {
                    if (!how.startsWith("never")
                            && !StatedClauses.all().getOrDefault(clause, List.of()).isEmpty()) {
                        needless.add(clause);
                    }
                });
        assertEquals(List.of(), needless);
    }

    @Test
    void everyClauseCanBeLookedFor() {
        StatedClauses.all().keySet().forEach(clause -> assertTrue(Reached.of(clause) != null));
    }
}
