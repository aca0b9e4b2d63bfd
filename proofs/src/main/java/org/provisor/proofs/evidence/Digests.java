// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
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
        for (String name : SOURCES) {
            Path at = project.resolve(name);
            if (Files.isDirectory(at)) {
                below(at, apart).forEach((path, digest) -> digests.put(name + "/" + path, digest));
            } else if (Files.isRegularFile(at)) {
                digests.put(name, of(at));
            }
        }
        return digests;
    }

    /// Of every file below a directory, by its path with `/`; without what a build makes.
    ///
    /// @param apart a directory to leave out, with all below
    public static SortedMap<String, String> below(Path directory, Path apart) throws IOException {
        SortedMap<String, String> digests = new TreeMap<>();
        Path left = apart.toAbsolutePath().normalize();
        Files.walkFileTree(
                directory.toAbsolutePath().normalize(),
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path at, BasicFileAttributes is) {
                        return at.equals(left) || APART.contains(at.getFileName().toString())
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes is)
                            throws IOException {
                        if (is.isRegularFile()) {
                            String path =
                                    directory
                                            .toAbsolutePath()
                                            .normalize()
                                            .relativize(file)
                                            .toString()
                                            .replace('\\', '/');
                            digests.put(path, of(file));
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
        return digests;
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
