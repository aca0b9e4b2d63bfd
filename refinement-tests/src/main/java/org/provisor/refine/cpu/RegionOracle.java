// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

import org.provisor.impl.cpu.CpuFault;
import org.provisor.impl.cpu.CpuState;
import org.provisor.impl.cpu.Engine;
import org.provisor.impl.cpu.Exits;
import org.provisor.impl.cpu.Slots;
import org.provisor.impl.cpu.Vectors;

import java.util.Locale;
import java.util.function.Supplier;

/// Runs regions on two machines, one with each engine, and compares all that one can see: why it
/// stopped and after how many instructions, registers, flags, exception, and all of memory, page
/// tables included.
final class RegionOracle implements AutoCloseable {

    private final RegionMachine first;
    private final RegionMachine second;
    private final byte[] seen = new byte[RegionMachine.DATA_BYTES];

    private long carriedOut;
    private String difference = "";

    RegionOracle(final Supplier<? extends Engine> one, final Supplier<? extends Engine> other) {
        first = new RegionMachine(one.get());
        second = new RegionMachine(other.get());
    }

    /// What the data holds; a copy.
    byte[] data() {
        first.readData(seen);
        return seen.clone();
    }

    /// How many instructions the last region carried out.
    long carriedOut() {
        return carriedOut;
    }

    /// What differed, one line each.
    String difference() {
        return difference;
    }

    /// Runs a region on both.
    ///
    /// @return whether both did the same
    boolean agree(final Region region) {
        write(first, region);
        write(second, region);
        carriedOut = 0;
        difference = "";
        if (region.twice) {
            enter(region, region.elsewhere ? 1 - region.space : region.space);
            if (!runs(region)) {
                return false;
            }
        }
        enter(region, region.space);
        return runs(region);
    }

    private static void write(final RegionMachine machine, final Region region) {
        machine.writeCode(region.code);
        machine.writeData(region.data);
        if (region.fresh) {
            machine.forgetUse();
        }
    }

    private void enter(final Region region, final int space) {
        enter(first, region, space);
        enter(second, region, space);
    }

    private static void enter(final RegionMachine machine, final Region region, final int space) {
        machine.use(space);
        System.arraycopy(region.slots, 0, machine.state().slots(), 0, Slots.COUNT);
        machine.state().set(Slots.RIP, region.entry());
    }

    private boolean runs(final Region region) {
        for (final int limit : region.limits) {
            final int exit = first.run(limit);
            final int other = second.run(limit);
            carriedOut += first.engine().carriedOut();
            if (exit != other) {
                difference = "exit " + exit + ", not " + other;
                return false;
            }
            if (!same(exit)) {
                return false;
            }
            if (exit != Exits.LIMIT) {
                return true;
            }
        }
        return true;
    }

    private boolean same(final int exit) {
        final StringBuilder text = new StringBuilder();
        compare(text, "instructions", first.engine().carriedOut(), second.engine().carriedOut());
        final CpuState one = first.state();
        final CpuState other = second.state();
        for (int slot = 0; slot < Slots.COUNT; slot++) {
            if (isSeen(slot) && one.get(slot) != other.get(slot)) {
                compare(text, Names.slot(slot), one.get(slot), other.get(slot));
            }
        }
        if (exit == Exits.EXCEPTION) {
            compare(text, one.fault(), other.fault());
        }
        if (exit == Exits.INTERRUPT) {
            compare(text, "vector", first.engine().operand(), second.engine().operand());
        }
        final long at = first.mismatch(second);
        if (at >= 0) {
            compare(
                    text,
                    "machine memory at 0x" + Long.toHexString(at & -8),
                    first.word(at),
                    second.word(at));
        }
        difference = text.toString();
        return text.isEmpty();
    }

    /// Whether software sees what a slot holds.
    private static boolean isSeen(final int slot) {
        return slot < Slots.ZERO
                || (slot > Slots.T7 && slot < Slots.XMM_END)
                || slot >= Slots.RAISED;
    }

    private static void compare(
            final StringBuilder text, final CpuFault fault, final CpuFault other) {
        compare(text, "vector", fault.vector(), other.vector());
        compare(
                text,
                "with error code",
                fault.hasErrorCode() ? 1 : 0,
                other.hasErrorCode() ? 1 : 0);
        compare(text, "error code", fault.errorCode(), other.errorCode());
        if (fault.vector() == Vectors.PF) {
            compare(text, "cr2", fault.address(), other.address());
        }
    }

    private static void compare(
            final StringBuilder text, final String what, final long one, final long other) {
        if (one != other) {
            text.append(String.format(Locale.ROOT, "    %s: 0x%x, but 0x%x%n", what, one, other));
        }
    }

    @Override
    public void close() {
        first.close();
        second.close();
    }
}
