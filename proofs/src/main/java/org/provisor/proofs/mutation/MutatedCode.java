// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.mutation;

import org.objectweb.asm.tree.ClassNode;
import org.provisor.impl.Refines;
import org.provisor.proofs.coverage.Clauses;
import org.provisor.proofs.seeded.Target;
import org.provisor.spec.notation.Clause;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What is mutated.
public enum MutatedCode {
    /// The classes of the specification that state rules.
    SPEC(Target.SPECIFICATION, Clause.class, 97, 60_000),

    /// Memory management.
    IMPL(Target.IMPLEMENTATION, Refines.class, 88, 400_000);

    private final Target target;
    private final Class<?> annotation;
    private final int enough;
    private final long steps;

    MutatedCode(Target target, Class<?> annotation, int enough, long steps) {
        this.target = target;
        this.annotation = annotation;
        this.enough = enough;
        this.steps = steps;
    }

    private List<String> packages() {
        return switch (this) {
            case SPEC ->
                    List.of(
                            "org/provisor/spec/hypercall/",
                            "org/provisor/spec/mm/",
                            "org/provisor/spec/transition/");
            case IMPL -> List.of("org/provisor/impl/mm/");
        };
    }

    /// The module in which it is, and what is loaded with it.
    public Target target() {
        return target;
    }

    /// How many in a hundred mutants that are errors have to be killed.
    public int enough() {
        return enough;
    }

    /// How many steps the campaign usually has that judges its mutants: there are no worked
    /// examples for the implementation.
    public long steps() {
        return steps;
    }

    /// The descriptor of the annotation that names the clauses which a method states or carries
    /// out.
    String annotation() {
        return annotation.descriptorString();
    }

    /// All classes of the module as they were built, new ones each time.
    List<ClassNode> all() {
        return Clauses.classFiles(annotation).values().stream().map(Weaver::read).toList();
    }

    /// Those of them that are mutated.
    List<ClassNode> mutated(List<ClassNode> all) {
        return all.stream()
                .filter(type -> packages().stream().anyMatch(type.name::startsWith))
                .toList();
    }

    /// Mutants that are no errors, reasons by identifier.
    Map<String, String> equivalents() {
        return Reasons.shipped(
                Reasons.class, "equivalent-" + name().toLowerCase(Locale.ROOT) + ".txt");
    }
}
