// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.members;

import org.provisor.impl.mm.FrameTable;
import org.provisor.proofs.cli.Version;
import org.provisor.refine.campaign.Campaign;
import org.provisor.spec.state.Machine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/// Which build this is: members of another would come to other answers.
final class Build {

    private static final List<Class<?>> OF_EACH_MODULE =
            List.of(Machine.class, FrameTable.class, Campaign.class, Build.class);

    private static final int DIGITS = 16;

    private Build() {}

    /// Version, commit, and a digest of our own classes: two builds of changed sources may have one
    /// commit.
    static String current() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Class<?> each : OF_EACH_MODULE) {
                Path place =
                        Path.of(each.getProtectionDomain().getCodeSource().getLocation().toURI());
                for (Map.Entry<String, byte[]> entry : classes(place).entrySet()) {
                    digest.update(entry.getKey().getBytes(StandardCharsets.UTF_8));
                    digest.update(entry.getValue());
                }
            }
            Version version = Version.current();
            return version.version()
                    + ", commit "
                    + version.commit()
                    + ", classes "
                    + HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException | NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Classes by path, from a jar or from a directory.
    private static SortedMap<String, byte[]> classes(Path place) throws IOException {
        SortedMap<String, byte[]> classes = new TreeMap<>();
        if (Files.isDirectory(place)) {
            try (Stream<Path> files = Files.walk(place)) {
                for (Path file : files.filter(each -> isClass(each.toString())).toList()) {
                    String name = place.relativize(file).toString().replace('\\', '/');
                    classes.put(name, Files.readAllBytes(file));
                }
            }
        } else {
            try (JarFile jar = new JarFile(place.toFile())) {
                for (JarEntry entry : jar.stream().filter(e -> isClass(e.getName())).toList()) {
                    try (InputStream in = jar.getInputStream(entry)) {
                        classes.put(entry.getName(), in.readAllBytes());
                    }
                }
            }
        }
        return classes;
    }

    private static boolean isClass(String name) {
        return name.endsWith(".class");
    }
}
