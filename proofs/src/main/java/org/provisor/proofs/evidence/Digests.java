// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// SHA-256, in hexadecimal.
public final class Digests {

    /// What a build makes and what a version control system keeps is nobody's source.
    private static final Set<String> APART = Set.of("target", ".git", ".idea", ".vscode");

    /// What a project is made of.
    private static final List<String> SOURCES =
            List.of(
                    ".ci",
                    ".mvn",
                    "LICENSE",
                    "benchmarks",
                    "impl",
                    "model",
                    "mvnw",
                    "pom.xml",
                    "proofs",
                    "provisor",
                    "refinement-tests",
                    "spec");

    private Digests() {}

    /// Of bytes.
    public static String of(byte[] bytes) {
        return HexFormat.of().formatHex(sha256().digest(bytes));
    }

    /// Of a file.
    public static String of(Path file) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /// Of every source of a project, by its path with `/`.
    ///
    /// @param apart a directory to leave out, with all below
    public static SortedMap<String, String> sources(Path project, Path apart) throws IOException {
        SortedMap<String, String> digests = new TreeMap<>();
        Path root = project.toAbsolutePath().normalize();
        for (String name : SOURCES) {
            if (Files.exists(root.resolve(name))) {
                below(root, root.resolve(name), apart.toAbsolutePath().normalize(), digests);
            }
        }
        return digests;
    }

    private static void below(
            Path root, Path directory, Path apart, SortedMap<String, String> digests)
            throws IOException {
        Files.walkFileTree(
                directory,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path at, BasicFileAttributes is) {
                        return at.equals(apart) || APART.contains(at.getFileName().toString())
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes is)
                            throws IOException {
                        if (is.isRegularFile()) {
                            digests.put(path(root, file), of(file));
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    /// Of all that is below a directory, by its path with `/`. What is no file, and a directory
    /// with nothing in it, has a word in place of a digest.
    public static SortedMap<String, String> below(Path directory) throws IOException {
        SortedMap<String, String> digests = new TreeMap<>();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path each : all.filter(at -> !at.equals(directory)).toList()) {
                if (Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS)) {
                    digests.put(path(directory, each), of(each));
                } else if (!Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)) {
                    digests.put(path(directory, each), "no file");
                } else if (empty(each)) {
                    digests.put(path(directory, each), "empty");
                }
            }
        }
        return digests;
    }

    private static boolean empty(Path directory) throws IOException {
        try (Stream<Path> inside = Files.list(directory)) {
            return inside.findAny().isEmpty();
        }
    }

    private static String path(Path root, Path file) {
        return root.relativize(file).toString().replace('\\', '/');
    }

    /// As `sha256sum` writes and reads it: digest, two blanks, path, a line each, by path.
    static String text(Map<String, String> digests) {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(digests)
                .forEach((path, digest) ->
                        text.append(digest).append("  ").append(path).append('\n'));
        return text.toString();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
