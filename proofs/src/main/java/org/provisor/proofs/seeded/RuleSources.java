// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.seeded;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Where the sources of the specification are.
///
/// @param directory the one with the packages of the specification
public record RuleSources(Path directory) {

    private static final Path WITHIN_PROJECT = Path.of("spec/src/main/java/org/provisor/spec");

    /// The sources of the project that this class was built in, or else of that which the working
    /// directory is in.
    ///
    /// @throws SeededException if there are none
    public static RuleSources ofProject() {
        RuleSources found = above(built());
        found = found == null ? above(Path.of("")) : found;
        if (found == null) {
            throw new SeededException(
                    "there is no " + WITHIN_PROJECT + " here; run this in the project");
        }
        return found;
    }

    private static Path built() {
        URI location = code(RuleSources.class);
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

    private static @Nullable RuleSources above(Path start) {
        for (Path at = start.toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve(WITHIN_PROJECT))) {
                return new RuleSources(at.resolve(WITHIN_PROJECT));
            }
        }
        return null;
    }

    /// The source of an error's rule, as it is.
    ///
    /// @throws SeededException if there is none
    String of(SeededError error) {
        Path file = directory.resolve(error.source());
        if (!Files.isRegularFile(file)) {
            throw new SeededException(error.name() + ": there is no rule in " + error.source());
        }
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
