// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.seeded;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Where the sources of a module are.
///
/// @param target the module
/// @param directory the one with its packages
public record SourceTree(Target target, Path directory) {

    /// The sources of a module in the project that this class was built in, or else in that which
    /// the working directory is in.
    ///
    /// @throws SeededException if there are none
    public static SourceTree of(Target target) {
        SourceTree found = above(built(), target);
        found = found == null ? above(Path.of(""), target) : found;
        if (found == null) {
            throw new SeededException(
                    "there is no " + target.sources() + " here; run this in the project");
        }
        return found;
    }

    /// The project's directory.
    public Path project() {
        Path up = directory.resolve("../".repeat(Path.of(target.sources()).getNameCount()));
        return up.normalize();
    }

    private static Path built() {
        URI location = code(SourceTree.class);
        return "file".equals(location.getScheme()) ? Path.of(location) : Path.of("");
    }

    /// Where the code of a class is.
    static URI code(Class<?> of) {
        try {
            return of.getProtectionDomain().getCodeSource().getLocation().toURI();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static @Nullable SourceTree above(Path start, Target target) {
        for (Path at = start.toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve(target.sources()))) {
                return new SourceTree(target, at.resolve(target.sources()));
            }
        }
        return null;
    }

    /// The source that an error is in, without it.
    ///
    /// @throws SeededException if there is none
    String of(SeededError error) {
        Path file = directory.resolve(error.source());
        if (!Files.isRegularFile(file)) {
            throw new SeededException(error.name() + ": there is no source " + error.source());
        }
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
