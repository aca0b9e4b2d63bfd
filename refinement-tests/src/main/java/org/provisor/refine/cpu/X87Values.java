// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

import org.provisor.impl.cpu.CpuState;
import org.provisor.impl.cpu.Mxcsr;
import org.provisor.impl.cpu.Slots;
import org.provisor.impl.cpu.X87;
import org.provisor.impl.decode.Opcode;

import java.util.SplittableRandom;

/// What the x87 FPU holds: its words and registers, near what its instructions tell apart.
final class X87Values {

    private static final int BIAS = 0x3fff;
    private static final int MOST = 0x7fff;
    private static final int NARROW_MARGIN = 70;

    private final SplittableRandom random;

    X87Values(final SplittableRandom random) {
        this.random = random;
    }

    /// Whether an instruction works on the FPU's registers, as such or as MMX registers.
    static boolean uses(final Opcode row) {
        return row.meaning().startsWith("x87")
                || row.meaning().startsWith("mmx")
                || row.meaning().startsWith("fx")
                || isExtended(row);
    }

    /// `xsave` and its like.
    static boolean isExtended(final Opcode row) {
        return row.meaning().startsWith("xsave") || row.meaning().equals("xrstor");
    }

    private boolean chance(final int percent) {
        return random.nextInt(100) < percent;
    }

    /// Sets all of it, for an instruction.
    void registers(final CpuState start, final Opcode first) {
        final long[] slots = start.slots();
        registers(slots);
        if (first.meaning().startsWith("mmx")) {
            integers(slots, first.meaning().contains("shift"));
        } else if (chance(30)) {
            related(slots);
        }
    }

    /// Sets all of it.
    void registers(final long[] slots) {
        X87.setControl(slots, control());
        long status = random.nextInt() & (X87.C0 | X87.C1 | X87.C2 | X87.C3 | X87.TOP);
        if (chance(40)) {
            final int masked = (int) slots[Slots.X87_CONTROL] & X87.EXCEPTIONS;
            status |= random.nextInt() & (chance(90) ? masked : X87.EXCEPTIONS);
            status |= random.nextInt() & X87.STACK_FAULT;
        }
        X87.setStatus(slots, status);
        slots[Slots.X87_TAGS] =
                switch (random.nextInt(10)) {
                    case 0, 1 -> 0xff;
                    case 2, 3 -> random.nextInt(256);
                    case 4 -> 0;
                    default -> 0xff & ~(1 << X87.physical(slots, -1));
                };
        slots[Slots.X87_SELECTORS] = random.nextInt() & 0x7fff_ffff;
        slots[Slots.X87_OPCODE] = random.nextInt(0x800);
        slots[Slots.X87_INSTRUCTION] = random.nextInt() & 0x7fff_ffff;
        slots[Slots.X87_DATA] = random.nextInt() & 0x7fff_ffff;
        for (int i = 0; i < 8; i++) {
            final int slot = Slots.X87 + 2 * i;
            slots[slot + 1] = head();
            slots[slot] = significand((int) slots[slot + 1] & MOST);
        }
    }

    /// What MMX registers hold.
    private void integers(final long[] slots, final boolean counts) {
        for (int i = 0; i < 8; i++) {
            if (counts && chance(50)) {
                slots[Slots.mmx(i)] = random.nextInt(70);
            } else if (chance(80)) {
                slots[Slots.mmx(i)] = chance(30) ? random.nextLong() : Values.edge(random);
            }
        }
    }

    /// ST(1) near ST(0), or a small number.
    private void related(final long[] slots) {
        final int first = X87.slot(slots, 0);
        final int second = X87.slot(slots, 1);
        if (chance(30)) {
            final int exponent = random.nextInt(18) - 2;
            slots[second + 1] = (long) (BIAS + exponent) | (chance(50) ? 0x8000 : 0);
            return;
        }
        if (chance(40)) {
            slots[second + 1] = slots[first + 1];
        } else {
            final int exponent = ((int) slots[first + 1] & MOST) - random.nextInt(68) + 1;
            slots[second + 1] = Math.clamp(exponent, 1, MOST - 1);
        }
        if (chance(40)) {
            slots[second] = slots[first] + random.nextInt(5) - 2;
        }
        if (chance(50)) {
            slots[second + 1] ^= 0x8000;
        }
    }

    private int control() {
        int control = X87.CONTROL_RESET;
        if (chance(60)) {
            control = (control & ~0xf00) | random.nextInt(16) << 8;
        }
        if (chance(30)) {
            control &= ~(chance(60) ? 1 << random.nextInt(6) : random.nextInt(64));
        }
        return control;
    }

    private int head() {
        final int exponent =
                switch (random.nextInt(12)) {
                    case 0 -> 0;
                    case 1 -> MOST;
                    case 2 -> 1 + random.nextInt(3);
                    case 3 -> MOST - 1 - random.nextInt(3);
                    case 4 -> random.nextInt(MOST);
                    // Where singles and doubles end.
                    case 5 -> BIAS + (chance(50) ? 127 : 1023) * (chance(50) ? 1 : -1) + near();
                    case 6 -> BIAS - (chance(50) ? 149 : 1074) + near();
                    // So that products and quotients come near the limits.
                    case 7 -> BIAS + (chance(50) ? BIAS : -BIAS) / 2 + near();
                    case 8 -> BIAS + random.nextInt(2 * NARROW_MARGIN) - NARROW_MARGIN;
                    default -> BIAS + random.nextInt(66) - 2;
                };
        return exponent | (chance(50) ? 0x8000 : 0);
    }

    private int near() {
        return random.nextInt(7) - 3;
    }

    private long significand(final int exponent) {
        final boolean integer = exponent == 0 ? chance(30) : chance(95);
        final long fraction =
                switch (random.nextInt(8)) {
                    case 0 -> 0;
                    case 1 -> -random.nextInt(4);
                    case 2 -> random.nextInt(4);
                    case 3 -> 1L << random.nextInt(63);
                    case 4 -> random.nextLong() & random.nextLong() << random.nextInt(40);
                    // Half way between two singles or doubles.
                    case 5 -> random.nextLong() << (chance(50) ? 39 : 10);
                    case 6 -> -1L << random.nextInt(63);
                    default -> random.nextLong();
                };
        return (fraction & Long.MAX_VALUE) | (integer ? Long.MIN_VALUE : 0);
    }

    /// 8 bytes of memory, as an instruction reads them.
    ///
    /// @param at where they are in its operand
    /// @param otherwise what to take of numbers that are no more than 8 bytes
    long memory(final Opcode row, final int at, final long otherwise) {
        final String meaning = row.meaning();
        if (meaning.startsWith("x87_push extended")) {
            return at == 0 ? significand(chance(20) ? 0 : 1) : head();
        }
        if (meaning.startsWith("x87_push decimal")) {
            return decimal();
        }
        if (meaning.equals("x87_control ldcw")) {
            return chance(80) ? control() : random.nextLong();
        }
        if (meaning.contains("word") || meaning.contains("dword")) {
            return Values.edge(random);
        }
        return otherwise;
    }

    private long decimal() {
        if (chance(10)) {
            return random.nextLong();
        }
        long digits = 0;
        for (int i = 0; i < 16; i++) {
            digits = digits << 4 | random.nextInt(10);
        }
        return digits;
    }

    /// A whole image for an instruction that loads all of the state.
    void image(final Opcode row, final byte[] into) {
        random.nextBytes(into);
        if (chance(10)) {
            return;
        }
        final boolean all = row.meaning().startsWith("fx") || isExtended(row);
        put(into, 0, control());
        final int status = chance(70) ? random.nextInt() & 0x7f00 : random.nextInt();
        if (all) {
            put(into, 2, status);
            // Pointers to where there can be something.
            put(into, 14, 0);
            put(into, 22, 0);
            put(into, 24, chance(95) ? Mxcsr.RESET | (random.nextInt() & Mxcsr.EXCEPTIONS) : -1);
            put(into, 26, 0);
        } else {
            put(into, 2, chance(50) ? status : random.nextInt());
            put(into, 4, status);
        }
    }

    private static void put(final byte[] into, final int at, final int value) {
        into[at] = (byte) value;
        into[at + 1] = (byte) (value >> 8);
    }
}
