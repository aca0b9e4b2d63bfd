// SPDX-License-Identifier: Apache-2.0
package org.provisor.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.provisor.model.bridge.Concern;
import org.provisor.spec.notation.Clause;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

final class ManifestTest {

    private static final Pattern CLAUSE =
            Pattern.compile("\\b(?:mm|invariant)\\.[a-z0-9-]+(?:\\.[a-z0-9-]+)*");
    private static final Pattern STARTED = Pattern.compile("(?m)^\\s*(?:check|run)\\b");

    private final Manifest manifest = Manifest.shipped();

    @Test
    void eachFileOfModelsIsInIt() throws IOException {
        Set<String> files = new TreeSet<>();
        for (Path file : resources()) {
            String name = file.getFileName().toString();
            if (name.endsWith(".als")) {
                files.add(name.replace(".als", ""));
            }
        }
        assertEquals(files, new TreeSet<>(manifest.models()));
    }

    private static List<Path> resources() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("src/main/resources/org/provisor/model"))) {
            return all.toList();
        }
    }

    @TestFactory
    Stream<DynamicTest> eachCommandIsInItAsItStandsInTheFile() {
        return manifest.models().stream()
                .map(model -> DynamicTest.dynamicTest(model, () -> sameCommands(model)));
    }

    private void sameCommands(String model) {
        String text = Models.text(model);
        List<String> stated = new ArrayList<>();
        for (Manifest.Stated each : Manifest.stated(text)) {
            stated.add(each.command() + " for " + each.scope() + " expect " + each.satisfiable());
        }
        List<String> listed = new ArrayList<>();
        for (Manifest.Entry each : manifest.entries()) {
            if (each.model().equals(model)) {
                listed.add(
                        each.command() + " for " + each.scope() + " expect " + each.satisfiable());
            }
        }
        assertEquals(stated, listed);
        assertEquals(
                STARTED.matcher(text).results().count(), stated.size(), "commands without expect");
    }

    @TestFactory
    Stream<DynamicTest> eachModelHasWhatAModelNeeds() {
        return manifest.models().stream()
                .map(model -> DynamicTest.dynamicTest(model, () -> complete(model)));
    }

    private void complete(String model) {
        String text = Models.text(model);
        List<Manifest.Entry> entries =
                manifest.entries().stream().filter(e -> e.model().equals(model)).toList();
        assertTrue(text.contains("Abstracts org.provisor.spec.mm."), "what it abstracts");
        assertTrue(text.contains(" * Kept:") && text.contains(" * Left out:"), "kept and left out");
        assertTrue(text.contains("/** Broken:"), "a broken variant");
        assertTrue(
                Pattern.compile("(?m)^check \\w+ .*expect 1$").matcher(text).find(),
                "a counterexample in the broken variant");
        assertTrue(
                Pattern.compile("(?m)^run \\w+ .*expect 1$|^} for .*expect 1$")
                        .matcher(text)
                        .find(),
                "an instance");
        for (String command : List.of("starts", "preserved")) {
            assertTrue(
                    entries.stream()
                            .anyMatch(e ->
                                    e.command().equals(command) && e.scope().startsWith("8 Frame")),
                    command + " of eight frames");
        }
        assertTrue(Concern.has(model), "a bridge");
    }

    @Test
    void thoseOfEightFramesAreAskedOfTwoSolvers() {
        for (Manifest.Entry entry : manifest.entries()) {
            if (entry.scope().startsWith("8 Frame")) {
                assertEquals(2, Set.copyOf(entry.solvers()).size(), entry.name());
            }
            assertFalse(entry.solvers().isEmpty(), entry.name());
            assertFalse(entry.solvers().toString().contains("electrod"), entry.name());
        }
    }

    @Test
    void theBuildsTierIsShort() {
        double seconds = 0;
        for (Manifest.Entry entry : manifest.entries()) {
            seconds += entry.tier() == Manifest.Tier.BUILD ? entry.seconds() : 0;
        }
        assertTrue(seconds <= 40, "seconds: " + seconds);
    }

    @Test
    void eachClauseThatAModelNamesIsOneOfTheSpecification() {
        Set<String> known = clauses();
        assertTrue(known.contains("mm.page-type.get"));
        for (String model : manifest.models()) {
            Set<String> named = new TreeSet<>();
            Matcher found = CLAUSE.matcher(comments(Models.text(model)));
            while (found.find()) {
                named.add(found.group());
            }
            assertFalse(named.isEmpty(), model);
            for (String clause : named) {
                assertTrue(known.contains(clause), model + " names " + clause);
            }
        }
    }

    private static String comments(String text) {
        StringBuilder comments = new StringBuilder();
        Matcher comment = Pattern.compile("(?s)/\\*.*?\\*/").matcher(text);
        while (comment.find()) {
            comments.append(comment.group().replace("org.provisor.spec.mm.", ""));
        }
        return comments.toString();
    }

    private static Set<String> clauses() {
        try {
            URI code = Clause.class.getProtectionDomain().getCodeSource().getLocation().toURI();
            Path place = Path.of(code);
            if (Files.isDirectory(place)) {
                return clauses(place);
            }
            try (FileSystem jar = FileSystems.newFileSystem(place, Map.of())) {
                return clauses(jar.getPath("/"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Set<String> clauses(Path root) throws IOException {
        Set<String> all = new TreeSet<>();
        try (Stream<Path> files = Files.walk(root.resolve("org/provisor/spec"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                String path = root.relativize(file).toString();
                String name = path.replace(".class", "").replace('/', '.');
                if (name.endsWith("package-info")) {
                    continue;
                }
                Clause ofType = type(name).getAnnotation(Clause.class);
                if (ofType != null) {
                    all.add(ofType.value());
                }
                for (Method method : type(name).getDeclaredMethods()) {
                    Clause clause = method.getAnnotation(Clause.class);
                    if (clause != null) {
                        all.add(clause.value());
                    }
                }
            }
        }
        return all;
    }

    private static Class<?> type(String name) {
        try {
            return Class.forName(name, false, Clause.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
