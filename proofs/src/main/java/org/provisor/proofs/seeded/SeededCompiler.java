// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.seeded;

import io.vavr.collection.Vector;

import org.jspecify.annotations.NullMarked;
import org.provisor.impl.mm.Host;
import org.provisor.spec.state.Step;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.FieldModel;
import java.lang.reflect.AccessFlag;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/// Compiles sources with errors in them, in memory, against the classes as they were built.
final class SeededCompiler {

    private final SourceTree sources;
    private final JavaCompiler compiler;
    private final StandardJavaFileManager files;
    private final Map<SeededError, Map<String, byte[]>> known = new HashMap<>();

    /// @throws SeededException if there is no compiler
    SeededCompiler(SourceTree sources) {
        this.sources = sources;
        compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new SeededException("this Java has no compiler; run it on a JDK");
        }
        files = compiler.getStandardFileManager(null, Locale.ROOT, null);
        try {
            files.setLocationFromPaths(
                    StandardLocation.CLASS_PATH,
                    List.of(
                            Path.of(SourceTree.code(Step.class)),
                            Path.of(SourceTree.code(Host.class)),
                            Path.of(SourceTree.code(Vector.class)),
                            Path.of(SourceTree.code(NullMarked.class))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The classes of a source with an error in it, by name.
    ///
    /// @throws SeededException if the source has no place for the error, or is no Java with it
    synchronized Map<String, byte[]> compiled(SeededError error) {
        return known.computeIfAbsent(error, this::checked);
    }

    private Map<String, byte[]> checked(SeededError error) {
        Map<String, byte[]> classes = compiled(error, error.in(sources.of(error)));
        for (Map.Entry<String, byte[]> each : classes.entrySet()) {
            if (!constants(each.getValue()).equals(constants(built(each.getKey())))) {
                throw new SeededException(
                        error.name()
                                + ": it changes a constant, of which other classes have a copy;"
                                + " change what is done with it");
            }
        }
        return classes;
    }

    private Map<String, byte[]> compiled(SeededError error, String text) {
        Map<String, ByteArrayOutputStream> written = new HashMap<>();
        DiagnosticCollector<JavaFileObject> said = new DiagnosticCollector<>();
        boolean done =
                compiler.getTask(
                                null,
                                new InMemory(files, written),
                                said,
                                List.of("-proc:none", "-Xlint:none"),
                                null,
                                List.of(
                                        new Text(
                                                sources.target().packages() + error.source(),
                                                text)))
                        .call();
        if (!done) {
            throw new SeededException(
                    error.name() + ": the source does not compile with it: " + first(said));
        }
        Map<String, byte[]> classes = new TreeMap<>();
        written.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
        return classes;
    }

    private static String first(DiagnosticCollector<JavaFileObject> said) {
        for (Diagnostic<? extends JavaFileObject> each : said.getDiagnostics()) {
            if (each.getKind() == Diagnostic.Kind.ERROR) {
                return "line " + each.getLineNumber() + ": " + each.getMessage(Locale.ROOT);
            }
        }
        return "no reason given";
    }

    /// The values of a class's constants that others may have copied, by name.
    private static Map<String, Object> constants(byte[] bytes) {
        Map<String, Object> values = new HashMap<>();
        for (FieldModel field : ClassFile.of().parse(bytes).fields()) {
            if (!field.flags().has(AccessFlag.PRIVATE)) {
                field.findAttribute(Attributes.constantValue())
                        .ifPresent(value ->
                                values.put(
                                        field.fieldName().stringValue(),
                                        value.constant().constantValue()));
            }
        }
        return values;
    }

    private static byte[] built(String name) {
        try {
            return SeededLoader.built(SeededCompiler.class.getClassLoader(), name);
        } catch (ClassNotFoundException e) {
            throw new SeededException(name + " is not as it was built; build the project first");
        }
    }

    /// A source that is in no file.
    private static final class Text extends SimpleJavaFileObject {

        private final String text;

        Text(String path, String text) {
            super(URI.create("memory:///" + path), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    /// Keeps classes that are written.
    private static final class InMemory extends ForwardingJavaFileManager<StandardJavaFileManager> {

        private final Map<String, ByteArrayOutputStream> written;

        InMemory(StandardJavaFileManager files, Map<String, ByteArrayOutputStream> written) {
            super(files);
            this.written = written;
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(
                    URI.create("memory:///" + name.replace('.', '/') + kind.extension), kind) {
                @Override
                public OutputStream openOutputStream() {
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                    written.put(name, bytes);
                    return bytes;
                }
            };
        }
    }
}
