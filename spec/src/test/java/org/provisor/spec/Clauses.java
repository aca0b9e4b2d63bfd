// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec;

import org.provisor.spec.notation.Clause;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.AnnotatedElement;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// All clauses of the specification, found in its compiled classes.
final class Clauses {

    /// A clause and the class that states it.
    record Stated(Clause clause, Class<?> where) {

        String id() {
            return clause.value();
        }
    }

    private Clauses() {}

    /// Every clause, by identifier.
    static List<Stated> all() {
        List<Stated> found = new ArrayList<>();
        for (Class<?> type : classes()) {
            add(found, type, type);
            Stream.of(type.getDeclaredMethods()).forEach(method -> add(found, method, type));
        }
        found.sort(Comparator.comparing(Stated::id));
        return found;
    }

    /// Every class of the specification.
    static List<Class<?>> classes() {
        Path root = classesDirectory();
        try (Stream<Path> files = Files.walk(root)) {
            List<Class<?>> classes = new ArrayList<>();
            for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                String name = root.relativize(file).toString().replace('/', '.');
                if (!name.endsWith("-info.class")) {
                    classes.add(Class.forName(name.substring(0, name.length() - 6)));
                }
            }
            return classes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Where the specification's own classes are.
    static Path classesDirectory() {
        try {
            return Path.of(
                    Clause.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The module's directory.
    static Path module() {
        return classesDirectory().resolve("../..").normalize();
    }

    private static void add(List<Stated> found, AnnotatedElement element, Class<?> where) {
        Clause clause = element.getAnnotation(Clause.class);
        if (clause != null) {
            found.add(new Stated(clause, where));
        }
    }
}
