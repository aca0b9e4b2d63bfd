// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.mutation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The programs that were kept because they once showed a difference, or show what little else
/// does.
public final class KeptPrograms {

    private static final List<String> DIRECTORIES = List.of("traces", "xen-traces", "conditions");

    private KeptPrograms() {}

    /// Their texts, by name.
    ///
    /// @param project the project's directory
    public static Map<String, String> in(Path project) {
        Map<String, String> traces = new TreeMap<>();
        DIRECTORIES.forEach(directory -> traces.putAll(in(project, directory)));
        return traces;
    }

    private static Map<String, String> in(Path project, String directory) {
        Path programs = project.resolve("refinement-tests/src/test/resources").resolve(directory);
        Map<String, String> traces = new TreeMap<>();
        try (Stream<Path> files = Files.list(programs)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".trace")).toList()) {
                traces.put(directory + "/" + file.getFileName(), Files.readString(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return traces;
    }
}
