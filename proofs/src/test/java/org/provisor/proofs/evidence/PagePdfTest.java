// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// The page can be printed, or one is told why not.
final class PagePdfTest {

    @TempDir private Path directory = Path.of("");

    private Path pack() throws IOException {
        Path pack = Files.createDirectory(directory.resolve("evidence"));
        Files.writeString(pack.resolve("index.html"), "<!DOCTYPE html><title>t</title><p>page");
        return pack;
    }

    @Test
    void withoutABrowserThereIsNone() throws IOException, InterruptedException {
        Path stale = Files.writeString(directory.resolve("evidence.pdf"), "of another run");
        String said = PagePdf.of(directory.resolve("none"), pack());
        assertEquals("no PDF was made: chromium is not installed", said);
        assertFalse(Files.exists(stale));
    }

    @Test
    void aBrowserPrintsIt() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/chromium")), "chromium is not installed");
        assertEquals("wrote evidence.pdf, the page to print", PagePdf.of(pack()));
        byte[] bytes = Files.readAllBytes(directory.resolve("evidence.pdf"));
        assertTrue(new String(bytes, 0, 5, StandardCharsets.US_ASCII).startsWith("%PDF"));
    }
}
