// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.mutation;

import org.objectweb.asm.tree.ClassNode;
import org.provisor.proofs.coverage.Clauses;

import java.util.List;

/// The classes of the specification that state rules, as they were built.
final class RuleClasses {

    private static final List<String> PACKAGES =
            List.of(
                    "org/provisor/spec/hypercall/",
                    "org/provisor/spec/mm/",
                    "org/provisor/spec/transition/");

    private RuleClasses() {}

    /// All classes of the specification, new ones each time.
    static List<ClassNode> all() {
        return Clauses.classFiles().values().stream().map(Weaver::read).toList();
    }

    /// Those of them that state rules.
    static List<ClassNode> rules(List<ClassNode> all) {
        return all.stream().filter(RuleClasses::isRule).toList();
    }

    private static boolean isRule(ClassNode type) {
        return PACKAGES.stream().anyMatch(type.name::startsWith);
    }
}
