// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.provisor.proofs.coverage.Clauses;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

final class BookCommandTest {

    private static final Pattern REFERENCE = Pattern.compile("(?:href|src)=\"([^\"]+)\"");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void everyLinkLeadsSomewhere(@TempDir Path temporary) throws IOException {
        Path evidence = Files.createDirectory(temporary.resolve("evidence"));
        Files.writeString(
                evidence.resolve("rows.csv"), "row,examples,refinement\nmm.pin/a,3,1234567\n");
        Files.writeString(evidence.resolve("index.html"), "");
        Path book = temporary.resolve("book");
        assertEquals(
                ExitCode.FINE,
                run("book", "--out", book.toString(), "--evidence", evidence.toString()),
                err.toString());
        List<String> broken = new ArrayList<>();
        int links = 0;
        for (Path page : pages(book)) {
            String html = Files.readString(page);
            Matcher reference = REFERENCE.matcher(html);
            while (reference.find()) {
                links++;
                if (!leadsSomewhere(page, html, reference.group(1))) {
                    broken.add(page.getFileName() + ": " + reference.group(1));
                }
            }
        }
        assertEquals(List.of(), broken);
        assertTrue(links > 20_000, links + " links");
        pinIsThere(book);
    }

    private static void pinIsThere(Path book) throws IOException {
        String pin = Files.readString(book.resolve("clause/mm.pin.html"));
        assertTrue(pin.contains("Pins a frame of <code>owner</code> as a page table."), pin);
        assertTrue(pin.contains("<tr id=\"row-g\">"), pin);
        assertTrue(pin.contains("1 234 567"), pin);
        assertTrue(pin.contains("a level 1 table is not pinned twice"), pin);
        assertTrue(pin.contains("href=\"../source/mm.PageTypes.html#L"), pin);
        for (Clauses.Stated clause : Clauses.all()) {
            assertTrue(Files.exists(book.resolve("clause/" + clause.id() + ".html")), clause.id());
        }
    }

    private static boolean leadsSomewhere(Path page, String html, String to) throws IOException {
        String[] parts = to.split("#", 2);
        Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
        if (!Files.isRegularFile(target)) {
            return false;
        }
        String text = parts[0].isEmpty() || parts.length == 1 ? html : Files.readString(target);
        return parts.length == 1 || text.contains("id=\"" + parts[1] + "\"");
    }

    private static List<Path> pages(Path book) throws IOException {
        try (Stream<Path> walked = Files.walk(book)) {
            return walked.filter(file -> file.toString().endsWith(".html")).toList();
        }
    }

    @Test
    void badInputIsOneLine(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "precious");
        assertEquals(ExitCode.BAD_INPUT, run("book", "--out", directory.toString()));
        assertEquals(ExitCode.BAD_INPUT, run("book", "--out", file.toString()));
        assertEquals(ExitCode.BAD_INPUT, run("book", "--evidence", directory.toString()));
        assertEquals(ExitCode.BAD_INPUT, run("book", "--port", "70000"));
        assertEquals(4, err.toString().lines().count(), err.toString());
        assertEquals("precious", Files.readString(file));
    }

    private int run(String... args) {
        CommandLine line = Provisor.commandLine();
        line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return Provisor.run(line, args);
    }
}
