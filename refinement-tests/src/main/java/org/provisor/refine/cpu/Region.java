// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

import org.provisor.impl.cpu.Slots;

import java.util.ArrayList;
import java.util.List;

/// Code of several instructions with branches, what it starts with, and how it is run.
final class Region {

    /// The two pages of code.
    final byte[] code = new byte[RegionMachine.CODE_BYTES];

    /// Where instructions begin, as offsets; the last is the end.
    final List<Integer> starts = new ArrayList<>();

    final long[] slots = new long[Slots.COUNT];

    /// What the data holds before.
    byte[] data = new byte[RegionMachine.DATA_BYTES];

    /// How many instructions each of the runs may carry out, one behind the other.
    final List<Integer> limits = new ArrayList<>();

    /// Which of the two address spaces it runs in.
    int space;

    /// Whether the processor forgets everything, and nothing has been used, before it runs.
    boolean fresh;

    /// Whether it is entered once before, with the same registers, so that it is translated.
    boolean twice;

    /// Whether it is the other address space that it is entered in before.
    boolean elsewhere;

    long entry() {
        return RegionMachine.CODE + starts.getFirst();
    }

    Region copy() {
        final Region copy = new Region();
        System.arraycopy(code, 0, copy.code, 0, code.length);
        System.arraycopy(slots, 0, copy.slots, 0, slots.length);
        copy.data = data.clone();
        copy.starts.addAll(starts);
        copy.limits.addAll(limits);
        copy.space = space;
        copy.fresh = fresh;
        copy.twice = twice;
        copy.elsewhere = elsewhere;
        return copy;
    }
}
