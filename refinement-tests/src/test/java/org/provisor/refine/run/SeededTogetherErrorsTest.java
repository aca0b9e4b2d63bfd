// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.run;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.provisor.refine.cpu.ChangedSource;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/// Errors put into what several vCPUs do at the same time are found by a kernel that looks for what
/// an x86 processor forbids.
final class SeededTogetherErrorsTest {

    /// The processors of the host may have other things to do for a while.
    private static final int TIMES = 12;

    private static final List<String> OWN =
            List.of("org.provisor.impl.", "org.provisor.refine.run.");

    @TempDir private Path directory = Path.of("");

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                // Locked instructions.
                "paging/DirectMemory # if (memory.replaceWord(word, seen, wanted)) {"
                        + " # memory.setWord(word, wanted); if (seen != wanted || true) {"
                        + " # TRANSLATOR rounds=1",
                "tlb/Processors # other.awaitLeft(); # other.hashCode();"
                        + " # TRANSLATOR rounds=0",
                // The order of memory.
                "jit/MemoryWriter # order(\"fullFence\") # order(\"releaseFence\")"
                        + " # TRANSLATOR rounds=100",
                // Translations that others have.
                "tlb/Processors # ask(mask, Tlb::flush) # ask(mask & 1, Tlb::flush)"
                        + " # TRANSLATOR rounds=0",
                "tlb/Processors # ask(mask, tlb -> tlb.flushPage # ask(mask & 1, tlb ->"
                        + " tlb.flushPage # TRANSLATOR rounds=0",
                // Code that others change.
                "paging/DirectMemory # processor == null || processor.isHere() # true"
                        + " # TRANSLATOR rounds=0",
                "paging/DirectMemory # processor.askOthers(other ->"
                        + " other.kept().forgetWrites(start)) # processor.hashCode() # TRANSLATOR"
                        + " rounds=0",
                // Who runs.
                "pv/VcpuOp # who.life() == VcpuLife.UP ? 1 : 0 # who.life() == VcpuLife.UP ? 0 : 1"
                        + " # TRANSLATOR rounds=0",
            })
    void isFound(final String file, final String right, final String wrong, final String arguments)
            throws Exception {
        final ChangedSource classes = ChangedSource.of(directory, file, right, wrong, OWN);
        for (int time = 0; time < TIMES; time++) {
            if (finds(classes, arguments)) {
                return;
            }
        }
        throw new AssertionError("not found");
    }

    @SuppressWarnings("unchecked") // The class says so.
    private static boolean finds(final ChangedSource classes, final String arguments)
            throws ReflectiveOperationException {
        final Function<String, String> run =
                (Function<String, String>) classes.made(TogetherRun.class);
        return run.apply(arguments).contains(": wrong");
    }
}
