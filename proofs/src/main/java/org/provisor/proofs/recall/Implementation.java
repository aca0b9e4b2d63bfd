// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.recall;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldNode;
import org.provisor.impl.mm.Host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The classes of the implementation as they were built.
final class Implementation {

    private static final String SUFFIX = ".class";

    private final SortedMap<String, byte[]> classes;
    private final List<ClassNode> looked;

    private Implementation(SortedMap<String, byte[]> classes) {
        this.classes = classes;
        looked = nodes();
    }

    /// The classes on the class path.
    static Implementation built() {
        try {
            Path path =
                    Path.of(Host.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            if (Files.isDirectory(path)) {
                return of(path);
            }
            try (FileSystem jar = FileSystems.newFileSystem(path)) {
                return of(jar.getPath("/"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Implementation of(Path root) throws IOException {
        SortedMap<String, byte[]> classes = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.toList()) {
                String name = root.relativize(file).toString();
                if (name.startsWith("org/provisor/impl/")
                        && name.endsWith(SUFFIX)
                        && !name.endsWith("-info" + SUFFIX)) {
                    classes.put(
                            name.substring(0, name.length() - SUFFIX.length()),
                            Files.readAllBytes(file));
                }
            }
        }
        return new Implementation(classes);
    }

    /// Its classes, in the order of their names; new ones each time, for whoever changes them.
    List<ClassNode> nodes() {
        List<ClassNode> nodes = new ArrayList<>();
        for (byte[] bytes : classes.values()) {
            ClassNode node = new ClassNode();
            new ClassReader(bytes).accept(node, ClassReader.SKIP_FRAMES);
            nodes.add(node);
        }
        return nodes;
    }

    /// Whether there is a class of this internal name.
    boolean has(String name) {
        return classes.containsKey(name);
    }

    /// The number that a class has under a name, of whatever kind; null if there is no such
    /// constant.
    ///
    /// @param type the class, without its package
    @Nullable Long constant(String type, String name) {
        ClassNode node = named(type);
        if (node != null) {
            for (FieldNode field : node.fields) {
                if (field.name.equals(name) && field.value instanceof Number number) {
                    return number.longValue();
                }
            }
        }
        return null;
    }

    /// A class by its internal name.
    @Nullable ClassNode type(String name) {
        return looked.stream().filter(node -> node.name.equals(name)).findFirst().orElse(null);
    }

    /// A class by its name without the package.
    @Nullable ClassNode named(String simple) {
        return looked.stream()
                .filter(node -> simple(node.name).equals(simple))
                .findFirst()
                .orElse(null);
    }

    /// The name of a class without its package: `Host`, `Host$Options`.
    static String simple(String internal) {
        return internal.substring(internal.lastIndexOf('/') + 1);
    }
}
