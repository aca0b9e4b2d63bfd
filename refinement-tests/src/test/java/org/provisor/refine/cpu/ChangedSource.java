// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/// Classes of the implementation, one of which has an error in it, and what looks for it.
public final class ChangedSource extends ClassLoader {

    private static final Path SOURCES = Path.of("../impl/src/main/java/org/provisor/impl");

    private final Path directory;
    private final List<String> own;

    private ChangedSource(final Path directory, final List<String> own) {
        super(ChangedSource.class.getClassLoader());
        this.directory = directory;
        this.own = own;
    }

    /// Compiles a class with an error.
    ///
    /// @param directory where it is compiled to
    /// @param file its source without the ending, below the packages of `impl`
    /// @param right what stands in it, once or more often
    /// @param wrong what is put there
    /// @param own how the names of all classes begin that are loaded anew
    /// @return loads those
    public static ChangedSource of(
            final Path directory,
            final String file,
            final String right,
            final String wrong,
            final List<String> own)
            throws IOException {
        final Path source = SOURCES.resolve(file + ".java");
        final String[] parts = Files.readString(source).split(Pattern.quote(right), -1);
        assertTrue(parts.length > 1, "the source has no such text");
        final Path changed = directory.resolve(source.getFileName());
        Files.writeString(changed, String.join(wrong, parts));
        compile(directory, changed);
        return new ChangedSource(directory, own);
    }

    private static void compile(final Path directory, final Path changed) throws IOException {
        final JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler());
        final StringWriter said = new StringWriter();
        final List<String> options =
                List.of(
                        "-proc:none",
                        "-d",
                        directory.toString(),
                        "-cp",
                        System.getProperty("java.class.path"));
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            final var sources = files.getJavaFileObjects(changed);
            assertTrue(
                    compiler.getTask(said, files, null, options, null, sources).call(),
                    said::toString);
        }
    }

    /// An object of a class, which is loaded anew.
    public Object made(final Class<?> type) throws ReflectiveOperationException {
        return loadClass(type.getName()).getDeclaredConstructor().newInstance();
    }

    @Override
    protected Class<?> loadClass(final String name, final boolean resolve)
            throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            final Class<?> there = findLoadedClass(name);
            if (there != null) {
                return there;
            }
            if (own.stream().noneMatch(name::startsWith)) {
                return super.loadClass(name, resolve);
            }
            final byte[] bytes = bytes(name);
            return defineClass(name, bytes, 0, bytes.length);
        }
    }

    private byte[] bytes(final String name) throws ClassNotFoundException {
        final String path = name.replace('.', '/') + ".class";
        final Path changed = directory.resolve(path);
        try {
            if (Files.exists(changed)) {
                return Files.readAllBytes(changed);
            }
            try (InputStream in = getParent().getResourceAsStream(path)) {
                return Objects.requireNonNull(in, path).readAllBytes();
            }
        } catch (final IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }
}
