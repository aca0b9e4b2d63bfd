// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.xen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

class SharedFilesTest {

    /// Says that it has made its files, and then waits until it is killed.
    static final class Owner {

        private Owner() {}

        public static void main(String[] args) throws IOException {
            SharedFiles files = SharedFiles.create(Path.of(args[0]));
            Files.writeString(files.file("memory"), "of another process");
            System.out.println("made");
            System.out.flush();
            System.in.readAllBytes();
        }
    }

    @Test
    void filesAreGoneInTheEnd(@TempDir Path parent) throws IOException {
        try (SharedFiles files = SharedFiles.create(parent)) {
            Files.writeString(files.file("memory"), "mine");
            assertEquals(1, directories(parent).size());
        }
        assertEquals(List.of(), directories(parent));
    }

    @Test
    void filesOfThisProcessAreKept(@TempDir Path parent) throws IOException {
        try (SharedFiles first = SharedFiles.create(parent);
                SharedFiles second = SharedFiles.create(parent);
                SharedFiles third = SharedFiles.create(parent)) {
            assertTrue(Files.isDirectory(first.file("")));
            assertTrue(Files.isDirectory(second.file("")));
            assertTrue(Files.isDirectory(third.file("")));
        }
    }

    @Test
    void filesOfAnotherProcessAreRemovedOnceItIsKilled(@TempDir Path parent)
            throws IOException, InterruptedException {
        Process other =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                Objects.requireNonNull(System.getProperty("java.class.path")),
                                Owner.class.getName(),
                                parent.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (var said = other.inputReader()) {
            assertEquals("made", said.readLine());
            Path its = directories(parent).get(0);
            SharedFiles.create(parent).close();
            assertTrue(Files.exists(its.resolve("memory")), "it still runs");
            other.destroyForcibly();
            other.waitFor();
            SharedFiles.create(parent).close();
            assertFalse(Files.exists(its));
        } finally {
            other.destroyForcibly();
        }
    }

    private static List<Path> directories(Path parent) throws IOException {
        try (var all = Files.list(parent)) {
            return all.toList();
        }
    }
}
