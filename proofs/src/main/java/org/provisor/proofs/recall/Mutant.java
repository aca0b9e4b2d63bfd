// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.recall;

import org.objectweb.asm.tree.ClassNode;

/// An implementation with an error in it: its classes, changed when they are loaded.
///
/// Whoever writes one compiles it against this interface and ASM's tree library, with a constructor
/// without arguments, and gives `provisor recall --mutant` the path of the class, of a directory of
/// classes or of a jar.
public interface Mutant {

    /// What it is called, in one word.
    String name();

    /// Changes a class. Asked of every class of the implementation, in the order of their names.
    ///
    /// @param type the class as it was built, without frames: they are worked out anew
    /// @return whether it was changed
    boolean change(ClassNode type);
}
