// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.jit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.provisor.impl.cpu.Slots;
import org.provisor.impl.ir.MicroOps;

import java.util.ArrayList;
import java.util.List;

/// Where other processors run, accesses stand between the fences that keep them in the processor's
/// order: what HotSpot may do without them it does too rarely for a guest to meet it.
final class MemoryWriterTest {

    private final List<String> calls = new ArrayList<>();

    private MemoryWriter writer(final boolean shared) {
        final MethodVisitor taken =
                new MethodVisitor(Opcodes.ASM9) {
                    @Override
                    public void visitMethodInsn(
                            final int opcode,
                            final String owner,
                            final String name,
                            final String descriptor,
                            final boolean isInterface) {
                        calls.add(name);
                    }
                };
        return new MemoryWriter(new Bytecode(taken), shared);
    }

    private static long access(final int op, final int size) {
        return op
                | (long) size << 10
                | (long) Slots.RAX << 16
                | (long) Slots.RBX << 24
                | (long) Slots.RCX << 32;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void nothingOvertakesALoad(final int size) {
        writer(true).write(access(MicroOps.LOAD, size));
        assertEquals(List.of("get", "acquireFence", "load"), calls);
        calls.clear();
        writer(true).write(access(MicroOps.LOAD_FOR_WRITE, size));
        assertEquals(List.of("get", "acquireFence", "loadForWrite"), calls);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void aStoreOvertakesNothing(final int size) {
        writer(true).write(access(MicroOps.STORE, size));
        assertEquals(List.of("releaseFence", "set", "store"), calls);
    }

    @Test
    void aFenceIsWholeAndOneProcessorNeedsNone() {
        writer(true).fence();
        assertEquals(List.of("fullFence"), calls);
        calls.clear();
        writer(false).fence();
        writer(false).write(access(MicroOps.LOAD, 3));
        writer(false).write(access(MicroOps.STORE, 3));
        assertEquals(List.of("get", "load", "set", "store"), calls);
    }
}
