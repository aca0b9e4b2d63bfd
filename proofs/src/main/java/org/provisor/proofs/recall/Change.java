// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.recall;

import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;
import org.provisor.proofs.seeded.SeededException;

import java.util.ArrayList;
import java.util.List;

/// A change of one method.
///
/// @param type the class with its package below the implementation's: `mm/PageTypes`
/// @param method which method of it
/// @param edit what is changed
/// @param number which of the places that the edit fits, from 1
/// @param of how many such places there are
/// @param text the change as it was stated
record Change(String type, Edit.Called method, Edit edit, int number, int of, String text) {

    static final String PACKAGE = "org/provisor/impl/";

    /// Whether a class is the one to change.
    boolean isIn(ClassNode node) {
        return node.name.equals(PACKAGE + type);
    }

    /// Changes the class.
    ///
    /// @throws SeededException if there is not one such method with so many such places; the
    ///   message does not say of which mutant
    void make(ClassNode node) {
        List<MethodNode> methods =
                node.methods.stream()
                        .filter(each -> each.name.equals(method.method()))
                        .filter(each -> method.takes(each.desc))
                        .toList();
        if (methods.size() != 1) {
            throw new SeededException(
                    text + ": there are " + methods.size() + " such methods, not 1");
        }
        MethodNode found = methods.getFirst();
        List<AbstractInsnNode> places = new ArrayList<>();
        for (AbstractInsnNode at : found.instructions) {
            if (edit.fits(at)) {
                places.add(at);
            }
        }
        if (places.size() != of) {
            throw new SeededException(text + ": it fits " + places.size() + " places, not " + of);
        }
        try {
            edit.make(new MethodCode(node.name, found), places.get(number - 1));
        } catch (SeededException e) {
            throw new SeededException(text + ": " + e.getMessage());
        }
    }
}
