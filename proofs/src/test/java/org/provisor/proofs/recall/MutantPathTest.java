// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.recall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.provisor.proofs.seeded.SeededException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

final class MutantPathTest {

    @TempDir private Path directory = Path.of(".");

    @Test
    void aClassADirectoryAndAJarAreRead() throws IOException {
        Path classes = Given.compiled(directory, Given.UNPINS);
        Path file = classes.resolve("elsewhere/Unpins.class");
        Path jar = directory.resolve("mutants.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new JarEntry("elsewhere/Unpins.class"));
            out.write(Files.readAllBytes(file));
        }
        for (Path path : List.of(file, classes, jar)) {
            List<Mutant> mutants = MutantPath.mutants(path);
            assertEquals(List.of("unpins"), mutants.stream().map(Mutant::name).toList());
            assertEquals(
                    "[org.provisor.impl.mm.Pinning]",
                    MutantClasses.of(mutants.getFirst()).keySet().toString());
        }
    }

    @Test
    void aTextIsRead() throws IOException {
        Path file = directory.resolve("mine.txt");
        Files.writeString(file, "[mine]\nIt is.\nmm.Pinning.putRoot: skip call Vcpu.leave\n");
        assertEquals("mine", MutantPath.mutants(file).getFirst().name());
    }

    @Test
    void badPathsSayWhy() throws IOException {
        assertWrong(directory.resolve("nowhere"), "there is no ");
        Path empty = Files.createDirectory(directory.resolve("empty"));
        assertWrong(empty, ": no class of it implements org.provisor.proofs.recall.Mutant");
        Path broken = directory.resolve("broken.class");
        Files.writeString(broken, "no class");
        assertWrong(broken, "cannot read ");
        Path jar = directory.resolve("broken.jar");
        Files.writeString(jar, "no jar");
        assertWrong(jar, "cannot read ");
        Path text = directory.resolve("broken.txt");
        Files.writeString(text, "no mutant");
        assertWrong(text, ": line 1: a mutant starts with");
        assertWrong(
                Given.compiled(
                        directory.resolve("noisy"), Given.UNPINS.replace("\"unpins\"", "\"a b\"")),
                "its name must be one word, not 'a b'");
        assertWrong(
                Given.compiled(
                        directory.resolve("late"),
                        Given.UNPINS.replace("\"unpins\"", "String.valueOf(1 / zero())")
                                + "interface Late {}"),
                "cannot be used: java.lang.ArithmeticException");
    }

    private static void assertWrong(Path path, String message) {
        SeededException e = assertThrows(SeededException.class, () -> MutantPath.mutants(path));
        assertTrue(e.getMessage().contains(message), e.getMessage());
        assertFalse(e.getMessage().contains("\n"), e.getMessage());
    }
}
