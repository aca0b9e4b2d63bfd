// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.recall;

import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.util.CheckClassAdapter;
import org.provisor.proofs.seeded.SeededException;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.TreeMap;

/// From a mutant to classes that can be loaded.
public final class MutantClasses {

    private MutantClasses() {}

    /// The classes that a mutant changes, by name.
    ///
    /// @throws SeededException if it changes none, or what it makes of one is no class
    public static Map<String, byte[]> of(Mutant mutant) {
        return of(mutant, Implementation.built());
    }

    static Map<String, byte[]> of(Mutant mutant, Implementation implementation) {
        Map<String, byte[]> changed = new TreeMap<>();
        for (ClassNode node : implementation.nodes()) {
            String name = node.name;
            try {
                if (mutant.change(node)) {
                    changed.put(name.replace('/', '.'), written(node));
                }
            } catch (SeededException e) {
                throw e;
            } catch (RuntimeException | LinkageError e) {
                throw new SeededException(
                        mutant.name() + ": it cannot change " + name.replace('/', '.') + ": " + e);
            }
        }
        if (changed.isEmpty()) {
            throw new SeededException(mutant.name() + ": it changes no class");
        }
        changed.forEach((name, bytes) -> verify(mutant, name, bytes));
        return changed;
    }

    static byte[] written(ClassNode node) {
        ClassWriter writer =
                new ClassWriter(ClassWriter.COMPUTE_FRAMES) {
                    @Override
                    protected ClassLoader getClassLoader() {
                        return MutantClasses.class.getClassLoader();
                    }
                };
        node.accept(writer);
        return writer.toByteArray();
    }

    private static void verify(Mutant mutant, String name, byte[] bytes) {
        StringWriter wrong = new StringWriter();
        CheckClassAdapter.verify(
                new ClassReader(bytes),
                MutantClasses.class.getClassLoader(),
                false,
                new PrintWriter(wrong));
        String first = wrong.toString().lines().findFirst().orElse("");
        if (!first.isEmpty()) {
            throw new SeededException(
                    mutant.name() + ": what it makes of " + name + " does not verify: " + first);
        }
    }
}
