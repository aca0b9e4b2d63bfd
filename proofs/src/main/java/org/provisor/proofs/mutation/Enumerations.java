// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.mutation;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldNode;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The enumerations of the specification: which constant follows which.
final class Enumerations {

    private final Map<String, List<String>> constants = new HashMap<>();

    Enumerations(Iterable<ClassNode> classes) {
        for (ClassNode type : classes) {
            if ((type.access & Opcodes.ACC_ENUM) != 0) {
                constants.put(
                        type.name,
                        type.fields.stream()
                                .filter(field -> (field.access & Opcodes.ACC_ENUM) != 0)
                                .map((FieldNode field) -> field.name)
                                .toList());
            }
        }
    }

    /// The constant after one, the first after the last; null if there is no other, or it is none.
    @Nullable String next(String type, String constant) {
        List<String> all = constants.getOrDefault(type, List.of());
        int at = all.indexOf(constant);
        return at < 0 || all.size() < 2 ? null : all.get((at + 1) % all.size());
    }
}
