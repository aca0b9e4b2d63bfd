// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.recall;

import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.util.CheckClassAdapter;
import org.provisor.proofs.seeded.SeededException;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// From a mutant to classes that can be loaded.
public final class MutantClasses {

    private static final String STOP = "org/provisor/proofs/recall/loaded/Stop";

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
        changed.forEach((name, bytes) -> verify(mutant.name(), name, bytes));
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

    /// The classes of a mutant and all others of the implementation, by name, so that whatever they
    /// do can be stopped: where code goes back, they ask for that.
    static Map<String, byte[]> stoppable(
            Map<String, byte[]> mutant, Implementation implementation) {
        Map<String, byte[]> all = new TreeMap<>();
        for (ClassNode built : implementation.nodes()) {
            String name = built.name.replace('/', '.');
            ClassNode node = built;
            byte[] changed = mutant.get(name);
            if (changed != null) {
                node = new ClassNode();
                new ClassReader(changed).accept(node, ClassReader.SKIP_FRAMES);
            }
            boolean loops = false;
            for (MethodNode method : node.methods) {
                loops |= stoppable(method);
            }
            if (loops || changed != null) {
                all.put(name, written(node));
            }
        }
        return all;
    }

    private static boolean stoppable(MethodNode method) {
        List<AbstractInsnNode> back = new ArrayList<>();
        Set<LabelNode> before = new HashSet<>();
        for (AbstractInsnNode at : method.instructions) {
            if (at instanceof LabelNode label) {
                before.add(label);
            } else if (at instanceof JumpInsnNode jump && before.contains(jump.label)) {
                back.add(at);
            }
        }
        back.forEach(at ->
                method.instructions.insertBefore(
                        at, new MethodInsnNode(Opcodes.INVOKESTATIC, STOP, "check", "()V", false)));
        return !back.isEmpty();
    }

    /// @throws SeededException if a class does not verify
    static void verify(String mutant, String name, byte[] bytes) {
        StringWriter wrong = new StringWriter();
        CheckClassAdapter.verify(
                new ClassReader(bytes),
                MutantClasses.class.getClassLoader(),
                false,
                new PrintWriter(wrong));
        String first = wrong.toString().lines().findFirst().orElse("");
        if (!first.isEmpty()) {
            throw new SeededException(
                    mutant + ": what it makes of " + name + " does not verify: " + first);
        }
    }
}
