// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.evidence;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The page of a pack as a PDF, printed by Chromium where it is installed. It is beside the pack
/// and no part of it: a browser writes the time into it.
public final class PagePdf {

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

    private static final long PATIENCE_SECONDS = 120;

    private PagePdf() {}

    /// Prints the page of a pack into a file of its name beside it.
    ///
    /// @return what came of it, in a line
    public static String of(Path pack) throws IOException, InterruptedException {
        return of(CHROMIUM, pack);
    }

    /// The same by another browser.
    static String of(Path browser, Path pack) throws IOException, InterruptedException {
        Path pdf = pack.toAbsolutePath().resolveSibling(pack.getFileName() + ".pdf");
        Files.deleteIfExists(pdf);
        if (!Files.isExecutable(browser)) {
            return "no PDF was made: chromium is not installed";
        }
        Path profile = Files.createTempDirectory("provisor-pdf");
        try {
            Process process =
                    new ProcessBuilder(
                                    List.of(
                                            browser.toString(),
                                            "--headless",
                                            "--no-sandbox",
                                            "--disable-gpu",
                                            "--no-pdf-header-footer",
                                            "--user-data-dir=" + profile,
                                            "--print-to-pdf=" + pdf,
                                            pack.resolve("index.html").toUri().toString()))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } finally {
            delete(profile);
        }
        return Files.exists(pdf)
                ? "wrote " + pdf.getFileName() + ", the page to print"
                : "no PDF was made: chromium did not print the page";
    }

    /// As far as it can be: a process of the browser may still write there.
    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            directory.toFile().deleteOnExit();
        }
    }
}
