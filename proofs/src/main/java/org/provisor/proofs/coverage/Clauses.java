// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.coverage;

import org.provisor.spec.notation.Clause;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.AnnotatedElement;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// All clauses of the specification, found in its compiled classes.
public final class Clauses {

    private static final String SUFFIX = ".class";

    /// A clause.
    ///
    /// @param id its identifier
    /// @param rows the rows of its decision table; none for a rule that decides nothing by itself
    public record Stated(String id, List<String> rows) {

        public Stated {
            rows = List.copyOf(rows);
        }
    }

    private Clauses() {}

    /// Every clause, by identifier.
    public static List<Stated> all() {
        final List<Stated> found = new ArrayList<>();
        for (final String name : classFiles().keySet()) {
            final Class<?> type = load(name);
            add(found, type);
            Stream.of(type.getDeclaredMethods()).forEach(method -> add(found, method));
        }
        found.sort(Comparator.comparing(Stated::id));
        return found;
    }

    /// The classes of the specification: each binary name, and the bytes of its file.
    public static Map<String, byte[]> classFiles() {
        return classFiles(Clause.class);
    }

    /// The classes of a module likewise.
    ///
    /// @param any one of them
    public static Map<String, byte[]> classFiles(final Class<?> any) {
        try {
            final URI place = any.getProtectionDomain().getCodeSource().getLocation().toURI();
            final Path path = Path.of(place);
            if (Files.isDirectory(path)) {
                return classFiles(path);
            }
            try (FileSystem jar = FileSystems.newFileSystem(path)) {
                return classFiles(jar.getPath("/"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, byte[]> classFiles(final Path root) throws IOException {
        final Map<String, byte[]> classes = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (final Path file : files.toList()) {
                final String name = root.relativize(file).toString();
                if (name.endsWith(SUFFIX) && !name.endsWith("-info" + SUFFIX)) {
                    final String path = name.substring(0, name.length() - SUFFIX.length());
                    classes.put(path.replace('/', '.'), Files.readAllBytes(file));
                }
            }
        }
        return classes;
    }

    private static Class<?> load(final String name) {
        try {
            return Class.forName(name, false, Clause.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void add(final List<Stated> found, final AnnotatedElement element) {
        final Clause clause = element.getAnnotation(Clause.class);
        if (clause != null) {
            found.add(new Stated(clause.value(), List.of(clause.rows())));
        }
    }
}
