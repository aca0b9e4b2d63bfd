// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.recall;

import org.objectweb.asm.ClassReader;
import org.provisor.proofs.seeded.SeededException;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/// Mutants that a user names by path: a class file, a directory of class files, a jar, or a text
/// that declares them.
public final class MutantPath {

    private static final String SUFFIX = ".class";

    private MutantPath() {}

    /// The mutants at a path.
    ///
    /// @throws SeededException if there are none, or they cannot be loaded
    public static List<Mutant> mutants(Path path) {
        if (!Files.exists(path)) {
            throw new SeededException("there is no " + path);
        }
        try {
            String name = path.toString();
            if (Files.isRegularFile(path) && !name.endsWith(SUFFIX) && !name.endsWith(".jar")) {
                return List.copyOf(
                        MutantFile.of(name, Files.readString(path), Implementation.built()));
            }
            return loaded(path, classes(path));
        } catch (IOException | IllegalArgumentException e) {
            throw new SeededException(
                    "cannot read " + path + " as a class, a directory, a jar or text");
        }
    }

    /// The classes at a path by name, whatever directories they are in.
    private static Map<String, byte[]> classes(Path path) throws IOException {
        Map<String, byte[]> classes = new TreeMap<>();
        if (path.toString().endsWith(".jar")) {
            try (JarFile jar = new JarFile(path.toFile())) {
                for (JarEntry entry : jar.stream().toList()) {
                    if (entry.getName().endsWith(SUFFIX)) {
                        try (InputStream in = jar.getInputStream(entry)) {
                            add(classes, entry.getName(), in.readAllBytes());
                        }
                    }
                }
            }
        } else {
            try (Stream<Path> files = Files.walk(path)) {
                for (Path file : files.filter(each -> each.toString().endsWith(SUFFIX)).toList()) {
                    add(classes, file.toString(), Files.readAllBytes(file));
                }
            }
        }
        return classes;
    }

    private static void add(Map<String, byte[]> classes, String file, byte[] bytes) {
        if (!file.endsWith("-info" + SUFFIX)) {
            classes.put(new ClassReader(bytes).getClassName().replace('/', '.'), bytes);
        }
    }

    private static List<Mutant> loaded(Path path, Map<String, byte[]> classes) {
        ClassLoader loader = new Given(classes);
        List<Mutant> mutants = new ArrayList<>();
        for (String name : classes.keySet()) {
            try {
                Class<?> type = Class.forName(name, false, loader);
                if (Mutant.class.isAssignableFrom(type)
                        && !type.isInterface()
                        && !Modifier.isAbstract(type.getModifiers())) {
                    mutants.add(made(type));
                }
            } catch (SeededException e) {
                throw e;
            } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
                throw new SeededException(path + ": class " + name + " cannot be used: " + e);
            }
        }
        if (mutants.isEmpty()) {
            throw new SeededException(
                    path + ": no class of it implements " + Mutant.class.getName());
        }
        return List.copyOf(mutants);
    }

    private static Mutant made(Class<?> type) throws ReflectiveOperationException {
        var constructor = type.asSubclass(Mutant.class).getDeclaredConstructor();
        constructor.setAccessible(true);
        Mutant mutant = constructor.newInstance();
        if (!String.valueOf(mutant.name()).matches("[A-Za-z0-9._-]+")) {
            throw new SeededException(
                    "mutant "
                            + type.getName()
                            + ": its name must be one word, not '"
                            + mutant.name()
                            + "'");
        }
        return mutant;
    }

    /// Loads these classes, and everything else from where this project's are.
    private static final class Given extends ClassLoader {

        private final Map<String, byte[]> classes;

        Given(Map<String, byte[]> classes) {
            super("mutants", MutantPath.class.getClassLoader());
            this.classes = classes;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] bytes = classes.get(name);
            if (bytes == null) {
                throw new ClassNotFoundException(name);
            }
            return defineClass(name, bytes, 0, bytes.length);
        }
    }
}
