// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.paging;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.provisor.refine.cpu.ChangedSource;

import java.nio.file.Path;
import java.util.List;
import java.util.function.LongFunction;

/// Errors put into the walk and what is remembered of it are found.
final class WalkMutantsTest {

    private static final int SEEDS = 300;

    /// What may be changed, and what looks for it.
    private static final List<String> OWN =
            List.of("org.provisor.impl.paging.", "org.provisor.impl.tlb.", Walks.class.getName());

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
        final String folder = file.startsWith("Tlb") ? "tlb/" : "paging/";
        return (LongFunction<?>)
                ChangedSource.of(directory, folder + file, right, wrong, OWN).made(Walks.class);
    }
}
