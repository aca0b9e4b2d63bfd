// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

/// Errors put into the translator, and into what tells it of writes, are found by comparing it with
/// the interpreter.
final class SeededTranslatorErrorsTest {

    private static final Path SOURCES = Path.of("../impl/src/main/java/org/provisor/impl");

    /// Most of what regions are made up from are instructions of SSE, which are not translated.
    private static final int ROUNDS = 40;

    @TempDir private Path directory = Path.of("");

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                // Flags that are dead, and are not.
                "jit/RegionWriter # insn.stops || insn.readsFlags # insn.readsFlags",
                "jit/RegionWriter # block.loopHead || alive(block, -1) # alive(block, -1)",
                "jit/LazyFlags # return isLazy(op) && !keepsCarry(op) # return isLazy(op)",
                "jit/RegionWriter # reach(block, kind); # reach(block, 0);",
                // Flags that are wrong.
                "jit/FlagWriter # case 3, 13 -> Opcodes.IFGE # case 3, 13 -> Opcodes.IFGT",
                "jit/FlagWriter # below(size, Bytecode.FLAG_A, Bytecode.FLAG_B) "
                        + "# below(size, Bytecode.FLAG_B, Bytecode.FLAG_A)",
                "jit/OpWriter # shift(MicroCode.size(word), code.known(b)) != 0 # true",
                "jit/OpWriter # flags.keepCarry() # flags.kind()",
                // Registers and counts at a fault.
                "jit/Bytecode # written[slot] = true # written[slot] = slot != 4",
                "jit/Region # return refunds[number] # return 0",
                "jit/RegionWriter # places.add(insn.rip) # places.add(insn.next)",
                // Code that has been written to.
                "jit/CodeCache # (frame.lines & lines) == 0 # true",
                "jit/RegionServices # codeChanged = true # codeChanged = false",
                "jit/RegionWriter # Opcodes.IFEQ, same # Opcodes.GOTO, same",
                "memory/MachineMemory # watcher.watching(mfn) # watcher.hashCode()",
                "paging/DirectMemory # page < end && !memory.isWatched # page < end ||"
                        + " memory.isWatched",
                // Other pages.
                "jit/CodeCache # != region.frames[i] # < 0",
                "jit/MemoryWriter # if (bytes > 1) # if (bytes > 9)",
                "tlb/KeptEntries # oldest = next # oldest += 0",
                // Many iterations at once.
                "jit/RegionServices # times = (target - source) >> size # times += 0",
                "jit/RegionServices # (flags & Rflags.DF) != 0 # false",
                "jit/RegionServices # Math.min(count - 1, allowed) # count - 1",
            })
    void isFound(final String file, final String right, final String wrong) throws Exception {
        compile(file, right, wrong);
        for (long seed = 0; seed < ROUNDS; seed++) {
            if (finds(seed)) {
                return;
            }
        }
        throw new AssertionError("not found in " + ROUNDS + " rounds");
    }

    @SuppressWarnings("unchecked") // The class says so.
    private boolean finds(final long seed) throws Exception {
        final LongFunction<String> fuzz =
                (LongFunction<String>)
                        new Mutant(directory)
                                .loadClass(RegionFuzz.class.getName())
                                .getDeclaredConstructor()
                                .newInstance();
        try {
            return !fuzz.apply(seed).isEmpty();
        } catch (final RuntimeException | LinkageError e) {
            return true;
        }
    }

    private void compile(final String file, final String right, final String wrong)
            throws IOException {
        final String source = Files.readString(SOURCES.resolve(file + ".java"));
        final String[] parts = source.split(Pattern.quote(right), -1);
        assertTrue(parts.length > 1, "the source has no such text");
        final Path changed = directory.resolve(file.substring(file.indexOf('/') + 1) + ".java");
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
    }

    /// Has what may be changed anew, from a directory where it has been.
    private static final class Mutant extends ClassLoader {

        private static final List<String> OWN =
                List.of(
                        "org.provisor.impl.jit.",
                        "org.provisor.impl.memory.",
                        "org.provisor.impl.paging.",
                        "org.provisor.impl.tlb.",
                        "org.provisor.refine.cpu.");

        private final Path directory;

        Mutant(final Path directory) {
            super(SeededTranslatorErrorsTest.class.getClassLoader());
            this.directory = directory;
        }

        @Override
        protected Class<?> loadClass(final String name, final boolean resolve)
                throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                final Class<?> there = findLoadedClass(name);
                if (there != null) {
                    return there;
                }
                if (OWN.stream().noneMatch(name::startsWith)) {
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
}
