// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.teavm.tooling.EmptyTeaVMToolLog;
import org.teavm.tooling.TeaVMTargetType;
import org.teavm.tooling.TeaVMTool;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/// The specification can be compiled to run in a browser, and says there what it says here: every
/// worked example comes out the same, word for word. Node runs the script where it is installed.
class BrowserCompilationTest {

    @Test
    void specificationRunsInABrowserAsItRunsHere(@TempDir Path out) throws Exception {
        List<String> problems = translate(out);
        assertEquals(List.of(), problems);
        assertTrue(Files.size(out.resolve("spec.js")) > 100_000);

        Optional<Path> node = onPath("node");
        assumeTrue(node.isPresent(), "install Debian's package nodejs to run the script");
        Path printed = out.resolve("printed");
        String run = "require(process.argv[1]).main([])";
        int exit =
                new ProcessBuilder(
                                node.get().toString(), "-e", run, out.resolve("spec.js").toString())
                        .redirectErrorStream(true)
                        .redirectOutput(printed.toFile())
                        .start()
                        .waitFor();
        assertEquals(0, exit, Files.readString(printed));
        assertEquals(printedHere().strip(), Files.readString(printed).strip());
    }

    private static List<String> translate(Path out) throws Exception {
        Path replaced = out.resolve("replaced");
        compile(
                replaced,
                "org.teavm.classlib.java.util.concurrent.locks.TReentrantLock",
                "ReentrantLock");
        compile(replaced, "io.vavr.control.Try$WithResources7", "WithResources7");
        compile(replaced, "io.vavr.control.Try$WithResources8", "WithResources8");
        TeaVMTool tool = new TeaVMTool();
        try (URLClassLoader classes = new Replacing(replaced.toUri().toURL())) {
            tool.setClassLoader(classes);
            tool.setMainClass(ExamplesInWords.class.getName());
            tool.setTargetType(TeaVMTargetType.JAVASCRIPT);
            tool.setTargetDirectory(out.toFile());
            tool.setTargetFileName("spec.js");
            tool.setLog(new EmptyTeaVMToolLog());
            tool.generate();
        }
        return tool.getProblemProvider().getSevereProblems().stream()
                .map(problem -> problem.getText() + " " + Arrays.toString(problem.getParams()))
                .toList();
    }

    private static void compile(Path to, String name, String resource) throws IOException {
        String source;
        try (InputStream in = BrowserCompilationTest.class.getResourceAsStream(resource + ".txt")) {
            source = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
        JavaFileObject file =
                new SimpleJavaFileObject(
                        URI.create(
                                "string:///"
                                        + name.replace('.', '/').replace("$", "%24")
                                        + ".java"),
                        JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                    }
                };
        Files.createDirectories(to);
        boolean compiled =
                ToolProvider.getSystemJavaCompiler()
                        .getTask(
                                null,
                                null,
                                null,
                                List.of("-d", to.toString(), "-proc:none"),
                                null,
                                List.of(file))
                        .call();
        assertTrue(compiled, name);
    }

    private static String printedHere() {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PrintStream to = new PrintStream(bytes, false, StandardCharsets.UTF_8)) {
            System.setOut(to);
            ExamplesInWords.main(new String[0]);
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static Optional<Path> onPath(String program) {
        String path = System.getenv("PATH");
        return Arrays.stream(path == null ? new String[0] : path.split(File.pathSeparator))
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /// Finds the replaced classes before the real ones.
    private static final class Replacing extends URLClassLoader {

        Replacing(URL replaced) {
            super(new URL[] {replaced}, BrowserCompilationTest.class.getClassLoader());
        }

        @Override
        public @Nullable URL getResource(String name) {
            URL own = findResource(name);
            return own != null ? own : super.getResource(name);
        }

        @Override
        public Enumeration<URL> getResources(String name) throws IOException {
            List<URL> all = Collections.list(findResources(name));
            all.addAll(Collections.list(super.getResources(name)));
            return Collections.enumeration(all);
        }
    }
}
