// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.util.List;
import java.util.function.LongFunction;

/// Errors put into the translator, and into what tells it of writes, are found by comparing it with
/// the interpreter.
final class SeededTranslatorErrorsTest {

    private static final int ROUNDS = 24;

    /// What may be changed, and what looks for it.
    private static final List<String> OWN =
            List.of(
                    "org.provisor.impl.jit.",
                    "org.provisor.impl.ir.QuickFloats",
                    "org.provisor.impl.memory.",
                    "org.provisor.impl.paging.",
                    "org.provisor.impl.tlb.",
                    "org.provisor.refine.cpu.");

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
                // XMM registers.
                "jit/SimdWriter # from + (immediate >> half & 1) # from + (immediate & 1)",
                "jit/SimdWriter # code.put(MicroCode.d(word) + 1) # code.op(Opcodes.POP2)",
                "jit/SimdWriter # (first + i) & 1 # i & 1",
                "jit/SimdWriter # WHOLE - Math.min(immediate, WHOLE) # WHOLE - immediate",
                "jit/SimdWriter # code.longNumber(~mask) # code.longNumber(-1L)",
                "jit/SimdWriter # code.get(word(words, first + 1)) # code.get(Slots.ZERO)",
                "jit/SimdWriter # case SimdOps.PSUBUS -> \"subtractUnsigned\" #"
                        + " case SimdOps.PSUBUS -> \"subtract\"",
                "jit/SimdWriter # unlessZero(Slots.RAISED, # unlessZero(Slots.ZERO,",
                "jit/SimdWriter # unlessZero(Slots.TASK_SWITCHED, # unlessZero(Slots.ZERO,",
                "jit/SimdWriter # available = false; # available |= false;",
                "jit/SimdWriter # code.longNumber(~(long) Mxcsr.ALL) # code.longNumber(0)",
                "jit/Bytecode # slot == Slots.MXCSR # slot == Slots.ZERO",
                "ir/QuickFloats # MOST = 0x7feL << 52 # MOST = 0x7ffL << 52",
                "ir/QuickFloats # LEAST_ONES = 0x0100_0000_0100_0000L #"
                        + " LEAST_ONES = 0x0000_0000_0100_0000L",
                "ir/QuickFloats # return isUsual(slots) && isOrdinary(a, b, result) #"
                        + " return isOrdinary(a, b, result)",
                "ir/QuickFloats # x < y ? Rflags.CF # x > y ? Rflags.CF",
                // Many iterations at once.
                "jit/RegionServices # times = (target - source) >> size # times += 0",
                "jit/RegionServices # (flags & Rflags.DF) != 0 # false",
                "jit/RegionServices # Math.min(count - 1, allowed) # count - 1",
            })
    void isFound(final String file, final String right, final String wrong) throws Exception {
        final ChangedSource classes = ChangedSource.of(directory, file, right, wrong, OWN);
        for (long seed = 0; seed < ROUNDS; seed++) {
            if (finds(classes, seed)) {
                return;
            }
        }
        throw new AssertionError("not found in " + ROUNDS + " rounds");
    }

    @SuppressWarnings("unchecked") // The class says so.
    private static boolean finds(final ChangedSource classes, final long seed)
            throws ReflectiveOperationException {
        final LongFunction<String> fuzz = (LongFunction<String>) classes.made(RegionFuzz.class);
        try {
            return !fuzz.apply(seed).isEmpty();
        } catch (final RuntimeException | LinkageError e) {
            return true;
        }
    }
}
