// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.paging;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.provisor.impl.paging.PageWalker;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.LongFunction;
import java.util.regex.Pattern;

import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/// Errors put into the walk and what is remembered of it are found.
final class WalkMutantsTest {

    private static final Path SOURCES = Path.of("../impl/src/main/java/org/provisor/impl");
    private static final int SEEDS = 300;

    @TempDir private Path directory = Path.of("");

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                // Rights.
                "PageWalker # all &= entry # all = entry",
                "PageWalker # any |= entry # any = entry",
                "PageWalker # (all & Pte.USER) == 0 # false",
                "PageWalker # (all & Pte.RW) == 0 # false",
                "PageWalker # (any & Pte.NX) != 0) # false)",
                "PageWalker # (all & Pte.USER) != 0 ? Tlb.USER # true ? Tlb.USER",
                "PageWalker # (any & Pte.NX) == 0 ? Tlb.EXECUTABLE # true ? Tlb.EXECUTABLE",
                "DirectMemory # PageWalker.WRITE, Tlb.WRITABLE # PageWalker.WRITE, 0",
                "DirectMemory # Tlb.EXECUTABLE | user() # user()",
                // Error codes and addresses.
                "PageWalker # PageFaults.PRESENT | PageFaults.RESERVED # PageFaults.PRESENT",
                "PageWalker # return tried | PageFaults.PRESENT; # return tried;",
                "DirectMemory # access | PageFaults.USER # access",
                "DirectMemory # pageForWrite(next(address)) # pageForWrite(address)",
                "DirectMemory # next(address), PageWalker.READ # address, PageWalker.READ",
                // Reserved bits and large pages.
                "PageWalker # beyond | Pte.PSE # beyond",
                "PageWalker # (inPage(level) & Pte.ADDRESS & ~LARGE_PAT) # 0",
                "PageWalker # & ~LARGE_PAT) # )",
                "PageWalker # | (linear & inPage & ~Addresses.PAGE_OFFSET) # | 0",
                // Accessed and dirty bits.
                "PageWalker # mark((tried & WRITE) != 0) # mark(false)",
                "PageWalker # written && at == level # written",
                "PageWalker # at >= level; at-- # at > level; at--",
                "PageWalker # (all & Pte.RW) != 0 && dirty # (all & Pte.RW) != 0",
                // What is remembered.
                "Tlb # root << 36 | page)) # page))",
                "Tlb # words[at] = EMPTY # words[at + 1] |= 0",
                "Tlb # (value & needed) == needed # true",
                "Tlb # large |= partOfLarge # large |= false",
                "TlbSet # tlbs[i].flush() # tlbs[0].flush()",
                "TlbSet # tlbs[i].flushPage(linear) # tlbs[i].flushPage(linear + 4096)",
            })
    void isFound(final String file, final String right, final String wrong) throws Exception {
        final LongFunction<?> walks = mutated(file, right, wrong);
        for (long seed = 0; seed < SEEDS; seed++) {
            if (finds(walks, seed)) {
                return;
            }
        }
        throw new AssertionError("not found by " + SEEDS + " seeds");
    }

    private static boolean finds(final LongFunction<?> walks, final long seed) {
        try {
            return walks.apply(seed) != null;
        } catch (final RuntimeException e) {
            return true;
        }
    }

    private LongFunction<?> mutated(final String file, final String right, final String wrong)
            throws Exception {
        final String folder = file.startsWith("Tlb") ? "tlb" : "paging";
        final String source = Files.readString(SOURCES.resolve(folder).resolve(file + ".java"));
        final String[] parts = source.split(Pattern.quote(right), -1);
        assertTrue(parts.length > 1, "the source has no such text");
        final Path changed = directory.resolve(file + ".java");
        Files.writeString(changed, String.join(wrong, parts));
        final JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler());
        final StringWriter said = new StringWriter();
        final List<String> options =
                List.of(
                        "-proc:none",
                        "-d",
                        directory.toString(),
                        "-cp",
                        System.getProperty("java.class.path"));
        final boolean compiled;
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            compiled =
                    compiler.getTask(
                                    said,
                                    files,
                                    null,
                                    options,
                                    null,
                                    files.getJavaFileObjects(changed))
                            .call();
        }
        assertTrue(compiled, said.toString());
        final Object made =
                new Mutant(directory)
                        .loadClass(Walks.class.getName())
                        .getDeclaredConstructor()
                        .newInstance();
        return (LongFunction<?>) made;
    }

    /// Has the classes of paging anew, those in a directory instead of those there are.
    private static final class Mutant extends ClassLoader {

        private final Path directory;

        Mutant(final Path directory) {
            super(WalkMutantsTest.class.getClassLoader());
            this.directory = directory;
        }

        @Override
        protected Class<?> loadClass(final String name, final boolean resolve)
                throws ClassNotFoundException {
            final boolean own =
                    name.startsWith(PageWalker.class.getPackageName() + ".")
                            || name.startsWith("org.provisor.impl.tlb.")
                            || name.startsWith(Walks.class.getName());
            synchronized (getClassLoadingLock(name)) {
                final Class<?> there = findLoadedClass(name);
                if (!own || there != null) {
                    return there != null ? there : super.loadClass(name, resolve);
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
}
