// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.stepping;

import org.jspecify.annotations.Nullable;
import org.provisor.proofs.evidence.Digests;
import org.teavm.tooling.EmptyTeaVMToolLog;
import org.teavm.tooling.TeaVMTargetType;
import org.teavm.tooling.TeaVMTool;
import org.teavm.tooling.TeaVMToolException;
import org.teavm.vm.TeaVMOptimizationLevel;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/// Compiles a program, and what of the specification it uses, to a script for browsers.
public final class StepperScript {

    /// Classes that a browser gets in place of others: those of libraries that cannot be compiled
    /// for it, with the names of the files that have their sources.
    private static final Map<String, String> REPLACED =
            Map.of(
                    "org.teavm.classlib.java.util.concurrent.locks.TReentrantLock",
                    "ReentrantLock",
                    "io.vavr.control.Try$WithResources7",
                    "WithResources7",
                    "io.vavr.control.Try$WithResources8",
                    "WithResources8");

    /// Libraries that are the project's own.
    private static final Pattern OURS = Pattern.compile("(provisor|spec-|refinement-tests-)");

    private StepperScript() {}

    /// What `step.html` runs, kept in a file for the next time. Another build has another file.
    ///
    /// @param directory where the file is, if it is there and can be written
    /// @throws IllegalStateException if something cannot be compiled for a browser
    public static String kept(Path directory) throws IOException {
        StringBuilder build = new StringBuilder();
        for (String each : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path library = Path.of(each);
            if (!Files.isRegularFile(library)) {
                // Classes that change one by one.
                return text();
            }
            if (OURS.matcher(library.getFileName().toString()).lookingAt()) {
                build.append(Digests.of(library));
            }
        }
        byte[] bytes = build.toString().getBytes(StandardCharsets.US_ASCII);
        Path file = directory.resolve("stepper-" + Digests.of(bytes).substring(0, 16) + ".js");
        if (Files.exists(file)) {
            return Files.readString(file);
        }
        String text = text();
        if (Files.isWritable(directory)) {
            Path half = Files.createTempFile(directory, "stepper", ".js");
            Files.writeString(half, text);
            Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
        }
        return text;
    }

    /// What `step.html` runs.
    ///
    /// @throws IllegalStateException if something cannot be compiled for a browser
    public static String text() throws IOException {
        Path directory = Files.createTempDirectory("provisor-script");
        try {
            write(Stepper.class.getName(), directory, "stepper.js");
            return Files.readString(directory.resolve("stepper.js"));
        } finally {
            try (Stream<Path> all = Files.walk(directory)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }

    /// Compiles a program to a file.
    ///
    /// @param mainClass where it begins
    /// @param directory where the file is put, and what is needed on the way
    /// @throws IllegalStateException if something cannot be compiled for a browser
    public static void write(String mainClass, Path directory, String file) throws IOException {
        Path replaced = directory.resolve("replaced");
        for (Map.Entry<String, String> each : REPLACED.entrySet()) {
            compile(replaced, each.getKey(), each.getValue());
        }
        TeaVMTool tool = new TeaVMTool();
        try (URLClassLoader classes = new Replacing(replaced.toUri().toURL())) {
            tool.setClassLoader(classes);
            tool.setMainClass(mainClass);
            tool.setTargetType(TeaVMTargetType.JAVASCRIPT);
            tool.setTargetDirectory(directory.toFile());
            tool.setTargetFileName(file);
            tool.setOptimizationLevel(TeaVMOptimizationLevel.ADVANCED);
            tool.setObfuscated(true);
            tool.setLog(new EmptyTeaVMToolLog());
            tool.generate();
        } catch (TeaVMToolException e) {
            throw new IllegalStateException("no script of " + mainClass + ": " + e, e);
        }
        String problems =
                tool.getProblemProvider().getSevereProblems().stream()
                        .map(each -> each.getText() + " " + Arrays.toString(each.getParams()))
                        .collect(Collectors.joining("; "));
        if (!problems.isEmpty()) {
            throw new IllegalStateException("no script of " + mainClass + ": " + problems);
        }
    }

    private static void compile(Path to, String name, String resource) throws IOException {
        String source;
        try (InputStream in = StepperScript.class.getResourceAsStream(resource + ".txt")) {
            if (in == null) {
                throw new IllegalStateException(resource + ".txt is missing");
            }
            source = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        String path = name.replace('.', '/').replace("$", "%24");
        JavaFileObject file =
                new SimpleJavaFileObject(
                        URI.create("string:///" + path + ".java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                    }
                };
        Files.createDirectories(to);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new IllegalStateException("this Java has no compiler: use a JDK, not a JRE");
        }
        List<String> options =
                List.of(
                        "-d",
                        to.toString(),
                        "-proc:none",
                        "-cp",
                        System.getProperty("java.class.path"));
        if (!compiler.getTask(null, null, null, options, null, List.of(file)).call()) {
            throw new IllegalStateException("cannot compile " + resource + ".txt");
        }
    }

    /// Finds the replaced classes before the real ones.
    private static final class Replacing extends URLClassLoader {

        Replacing(URL replaced) {
            super(new URL[] {replaced}, StepperScript.class.getClassLoader());
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
