// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.lang.foreign.ValueLayout;

final class MachineMemoryTest {

    @Test
    void sixtyFourGigabytesCostNothingUntilWritten() {
        try (MachineMemory memory = MachineMemory.ofFrames(MachineMemory.MAX_FRAMES)) {
            final long last = (MachineMemory.MAX_FRAMES << 12) - 8;
            assertEquals(0, memory.word(last));
            memory.setWord(last, 42);
            assertEquals(42, memory.word(last));
            assertEquals(42, memory.segment().get(ValueLayout.JAVA_LONG, last));
            assertThrows(IndexOutOfBoundsException.class, () -> memory.word(last + 8));
        }
    }

    @Test
    void replacesAWordThatIsAsExpected() {
        try (MachineMemory memory = MachineMemory.ofFrames(1)) {
            assertTrue(memory.replaceWord(16, 0, 7));
            assertFalse(memory.replaceWord(16, 0, 8));
            assertEquals(7, memory.word(16));
        }
    }

    @Test
    void refusesAddressesOutsideAndBetweenWords() {
        try (MachineMemory memory = MachineMemory.ofFrames(2)) {
            assertThrows(IndexOutOfBoundsException.class, () -> memory.word(-8));
            assertThrows(IndexOutOfBoundsException.class, () -> memory.setWord(8192, 1));
            assertThrows(
                    IndexOutOfBoundsException.class,
                    () -> memory.replaceWord(Long.MIN_VALUE, 0, 1));
            assertThrows(IllegalArgumentException.class, () -> memory.word(4));
            assertThrows(IndexOutOfBoundsException.class, () -> memory.clear(2));
            assertThrows(IndexOutOfBoundsException.class, () -> memory.copy(0, -1));
        }
    }

    @Test
    void clearsAndCopiesOneFrame() {
        try (MachineMemory memory = MachineMemory.ofFrames(3)) {
            for (long maddr = 0; maddr < 3 << 12; maddr += 8) {
                memory.setWord(maddr, maddr + 1);
            }
            memory.copy(0, 2);
            memory.clear(1);
            for (long offset = 0; offset < 1 << 12; offset += 8) {
                assertEquals((2 << 12) + offset + 1, memory.word(offset));
                assertEquals(0, memory.word((1 << 12) + offset));
                assertEquals((2 << 12) + offset + 1, memory.word((2 << 12) + offset));
            }
        }
    }

    @Test
    void refusesNoMemoryAndTooMuch() {
        assertThrows(IllegalArgumentException.class, () -> MachineMemory.ofFrames(0));
        assertThrows(IllegalArgumentException.class, () -> MachineMemory.ofFrames(-1));
        assertThrows(
                IllegalArgumentException.class,
                () -> MachineMemory.ofFrames(MachineMemory.MAX_FRAMES + 1));
    }

    @Test
    void hasNoWordsOnceClosed() {
        final MachineMemory memory = MachineMemory.ofFrames(1);
        memory.close();
        assertThrows(IndexOutOfBoundsException.class, () -> memory.word(0));
        assertEquals(0, memory.frames());
    }
}
