// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.recall;

import org.objectweb.asm.tree.ClassNode;
import org.provisor.proofs.seeded.SeededException;

import java.util.List;

/// A mutant that is declared as text.
///
/// @param name what it is called
/// @param what what is wrong, in a line
/// @param changes at least one
record DeclaredMutant(String name, String what, List<Change> changes) implements Mutant {

    DeclaredMutant {
        changes = List.copyOf(changes);
    }

    @Override
    public boolean change(ClassNode type) {
        boolean changed = false;
        for (Change change : changes) {
            if (change.isIn(type)) {
                try {
                    change.make(type);
                } catch (SeededException e) {
                    throw new SeededException(name + ": " + e.getMessage());
                }
                changed = true;
            }
        }
        return changed;
    }
}
