// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.mutation;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AnnotationNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A method of what is mutated that somebody wrote.
///
/// @param node its code
/// @param type its class, without the package
/// @param name one of its own in the class: a second of the same name is `get-2`
/// @param clause that it states or carries out, or the one before it in the class
record RuleMethod(MethodNode node, String type, String name, String clause) {

    private static final Set<String> GENERATED = Set.of("toString", "hashCode", "equals");

    private static final Set<String> OF_ENUM = Set.of("values", "valueOf", "$values");

    /// Those of a class, in its order.
    ///
    /// @param annotation the descriptor of what names clauses
    static List<RuleMethod> of(ClassNode type, String annotation) {
        List<RuleMethod> methods = new ArrayList<>();
        String simple = type.name.substring(type.name.lastIndexOf('/') + 1).replace('$', '.');
        String clause = "";
        Map<String, String> clauses = new HashMap<>();
        Set<String> names = new HashSet<>();
        for (MethodNode method : type.methods) {
            if (!written(type, method)) {
                continue;
            }
            String stated =
                    clause(
                            annotation,
                            method.visibleAnnotations,
                            clause(annotation, type.visibleAnnotations, null));
            String base = method.name;
            if (base.startsWith("lambda$")) {
                base = base.split("\\$")[1];
                clause = clauses.getOrDefault(base, clause);
                base += ".lambda";
            } else if (stated != null) {
                clause = stated;
            }
            clauses.putIfAbsent(base, clause);
            String name = base;
            for (int i = 2; !names.add(name); i++) {
                name = base + "-" + i;
            }
            methods.add(new RuleMethod(method, simple, name, clause));
        }
        return methods;
    }

    private static boolean written(ClassNode type, MethodNode method) {
        boolean generated =
                (method.access & Opcodes.ACC_BRIDGE) != 0
                        || ((type.access & Opcodes.ACC_ENUM) != 0 && OF_ENUM.contains(method.name))
                        || GENERATED.contains(method.name);
        return !generated && !method.name.startsWith("<") && method.instructions.size() > 0;
    }

    private static @Nullable String clause(
            String annotation,
            @Nullable List<AnnotationNode> annotations,
            @Nullable String otherwise) {
        for (AnnotationNode each : annotations == null ? List.<AnnotationNode>of() : annotations) {
            if (each.desc.equals(annotation)) {
                Object value = each.values.get(each.values.indexOf("value") + 1);
                return String.valueOf(value instanceof List<?> list ? list.getFirst() : value);
            }
        }
        return otherwise;
    }
}
