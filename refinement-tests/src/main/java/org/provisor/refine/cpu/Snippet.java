// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

import org.provisor.impl.cpu.CpuState;
import org.provisor.impl.cpu.Slots;

import java.util.SplittableRandom;

/// A few instructions, and the registers that they start with.
final class Snippet {

    /// In bytes; what ends it takes 5 more.
    static final int MAX_BYTES = 200;

    static final int MAX_INSTRUCTIONS = 8;

    private final long area;
    private final int job;
    private final byte[] code = new byte[MAX_BYTES + 16];
    private final int[] starts = new int[MAX_INSTRUCTIONS + 1];
    private final CpuState start = new CpuState();

    private long at;
    private int length;
    private int count;

    /// Registers that hold addresses of data, as bits.
    private int pointers;

    private int index;

    /// What is taken off addresses of data and of code: the bases of their segments.
    private long dataBase;

    private long codeBase;
    private int registers = Slots.GENERAL;

    Snippet(final long area) {
        this(area, 0);
    }

    /// @param job whose segments it finds
    Snippet(final long area, final int job) {
        this.area = area;
        this.job = job;
    }

    /// @param offset where it is to be, in the area
    void clear(final long offset) {
        at = offset;
        length = 0;
        count = 0;
        pointers = 0;
        dataBase = 0;
        codeBase = 0;
        registers = Slots.GENERAL;
    }

    /// It is 32-bit code, in segments with these bases.
    void use32(final long newDataBase, final long newCodeBase) {
        dataBase = newDataBase;
        codeBase = newCodeBase;
        registers = Slots.GENERAL / 2;
    }

    /// How many general registers it has.
    int registers() {
        return registers;
    }

    long dataBase() {
        return dataBase;
    }

    long codeBase() {
        return codeBase;
    }

    int job() {
        return job;
    }

    void append(final byte[] bytes, final int size) {
        System.arraycopy(bytes, 0, code, length, size);
        length += size;
        count++;
        starts[count] = length;
    }

    boolean isFull() {
        return count == MAX_INSTRUCTIONS || length > MAX_BYTES - 15;
    }

    byte[] code() {
        return code;
    }

    int length() {
        return length;
    }

    int count() {
        return count;
    }

    /// Where instruction `number` begins; that behind the last is the end.
    int start(final int number) {
        return starts[number];
    }

    long offset() {
        return at;
    }

    long address() {
        return area + at;
    }

    long end() {
        return area + at + length;
    }

    CpuState start() {
        return start;
    }

    void usePointer(final int register) {
        pointers |= 1 << register;
    }

    boolean isPointer(final int register) {
        return (pointers >> register & 1) != 0;
    }

    int somePointer(final SplittableRandom random) {
        int register = random.nextInt(registers);
        while (!isPointer(register)) {
            register = random.nextInt(registers);
        }
        return register;
    }

    void useIndex(final int register) {
        index = register;
    }

    /// A register that holds a small number.
    int index() {
        return index;
    }

    /// Some address in or near the data, in its segment: most can be written.
    long place(final SplittableRandom random) {
        return linearPlace(random) - dataBase;
    }

    private long linearPlace(final SplittableRandom random) {
        final long data = area + NativeArea.DATA;
        return switch (random.nextInt(40)) {
            case 0 -> data + random.nextInt(16) - 8;
            case 1 -> area + NativeArea.GUARD_ABOVE + random.nextInt(16) - 8;
            case 2, 3 -> area + NativeArea.READ_ONLY + random.nextInt(32) - 16;
            case 4 -> area + NativeArea.READ_ONLY + random.nextInt((int) NativeArea.PAGE);
            case 5 -> area + NativeArea.GUARD_ABOVE + random.nextInt((int) NativeArea.PAGE);
            case 6, 7 -> data + NativeArea.PAGE + random.nextInt(32) - 16;
            default -> {
                final long far = 256L + random.nextInt((int) NativeArea.WRITABLE_BYTES - 512);
                yield data + (random.nextInt(4) == 0 ? far : far & -16);
            }
        };
    }
}
