// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.campaign;

import org.provisor.spec.notation.Clause;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.AnnotatedElement;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The clauses that the specification states, found in its compiled classes.
public final class StatedClauses {

    private static final String SUFFIX = ".class";
    private static final SortedMap<String, List<String>> ALL = found();

    private StatedClauses() {}

    /// The rows of each clause, by its identifier; none for one that decides nothing by itself.
    public static SortedMap<String, List<String>> all() {
        return new TreeMap<>(ALL);
    }

    private static SortedMap<String, List<String>> found() {
        try {
            Path path =
                    Path.of(
                            Clause.class
                                    .getProtectionDomain()
                                    .getCodeSource()
                                    .getLocation()
                                    .toURI());
            if (Files.isDirectory(path)) {
                return found(path);
            }
            try (FileSystem jar = FileSystems.newFileSystem(path)) {
                return found(jar.getPath("/"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SortedMap<String, List<String>> found(Path root) throws IOException {
        SortedMap<String, List<String>> found = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.toList()) {
                String name = root.relativize(file).toString();
                if (name.startsWith("org/provisor/spec/")
                        && name.endsWith(SUFFIX)
                        && !name.endsWith("-info" + SUFFIX)) {
                    Class<?> type = load(name.substring(0, name.length() - SUFFIX.length()));
                    add(found, type);
                    Stream.of(type.getDeclaredMethods()).forEach(method -> add(found, method));
                }
            }
        }
        return found;
    }

    private static Class<?> load(String path) {
        try {
            return Class.forName(path.replace('/', '.'), false, Clause.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void add(SortedMap<String, List<String>> found, AnnotatedElement element) {
        Clause clause = element.getAnnotation(Clause.class);
        if (clause != null) {
            found.put(clause.value(), List.of(clause.rows()));
        }
    }
}
