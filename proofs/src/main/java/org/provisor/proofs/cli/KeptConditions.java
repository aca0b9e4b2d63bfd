// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import org.jspecify.annotations.Nullable;
import org.provisor.proofs.mcdc.Drive.Listener;
import org.provisor.proofs.mcdc.McdcCheck;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Shows how far a campaign has come, and keeps programs that show conditions nothing before them
/// showed.
final class KeptConditions implements Listener {

    private final McdcCheck check;
    private final ProgressLine line;
    private final @Nullable Path directory;
    private Set<String> shown;
    private int programs;

    /// @param directory where programs are kept; null for nowhere
    KeptConditions(McdcCheck check, ProgressLine line, @Nullable Path directory) {
        this.check = check;
        this.line = line;
        this.directory = directory;
        shown = Set.of();
    }

    @Override
    public void steps(long made) {
        line.show(() -> String.format(Locale.ROOT, "%,d steps", made));
    }

    @Override
    public synchronized void played(String program, List<int[]> seen) {
        if (directory == null) {
            return;
        }
        Set<String> now = check.shown(seen);
        if (now.size() == shown.size()) {
            return;
        }
        StringBuilder text = new StringBuilder("# Shows what nothing before it showed:\n");
        now.stream()
                .filter(id -> !shown.contains(id))
                .sorted()
                .forEach(id -> text.append("# ").append(id).append('\n'));
        shown = now;
        if (program.isEmpty()) {
            return;
        }
        programs++;
        Path file = directory.resolve(String.format(Locale.ROOT, "%03d.trace", programs));
        try {
            Files.createDirectories(directory);
            Files.writeString(file, text.append('\n').append(program));
        } catch (IOException e) {
            throw new BadInput("cannot write " + file + ": " + e.getMessage());
        }
    }
}
