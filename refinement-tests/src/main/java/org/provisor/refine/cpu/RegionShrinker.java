// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

import org.provisor.impl.cpu.Rflags;
import org.provisor.impl.cpu.Slots;
import org.provisor.impl.decode.Decoder;
import org.provisor.impl.decode.Disassembler;
import org.provisor.impl.decode.Instruction;

import java.util.Arrays;
import java.util.Locale;
import java.util.StringJoiner;

/// Finds the least of a region that still shows a difference: as many instructions as can be become
/// `nop`, and as many registers and bytes of memory 0.
final class RegionShrinker {

    private static final byte NOP = (byte) 0x90;

    private final Decoder decoder = Decoder.standard();
    private final Instruction decoded = new Instruction();

    private String difference = "";

    RegionShrinker() {}

    /// @param seen what differed
    CpuDifference shrink(final Region whole, final long seed, final String seen) {
        final Region least = whole.copy();
        final boolean alone = differs(least);
        if (alone) {
            while (fewerRuns(least)) {}
            while (fewerInstructions(least)) {}
            fewerValues(least);
            fewerBytes(least);
            differs(least);
        } else {
            difference = seen;
        }
        final StringBuilder text = new StringBuilder();
        final StringJoiner names = new StringJoiner(", ");
        describe(text, names, least);
        if (!alone) {
            text.append("    only behind the regions that come before it with this seed\n");
        }
        text.append(difference);
        return new CpuDifference(names.toString(), text.toString(), seed, alone, false);
    }

    private boolean differs(final Region region) {
        try (RegionOracle oracle = RegionFuzz.oracle()) {
            final boolean agree = oracle.agree(region.copy());
            difference = oracle.difference();
            return !agree;
        }
    }

    private boolean fewerRuns(final Region least) {
        if (least.twice) {
            least.twice = false;
            if (!differs(least)) {
                least.twice = true;
            }
        }
        if (least.limits.size() == 1) {
            return false;
        }
        final Integer last = least.limits.removeLast();
        if (differs(least)) {
            return true;
        }
        least.limits.add(last);
        return false;
    }

    private boolean fewerInstructions(final Region least) {
        boolean fewer = false;
        for (int i = 0; i + 1 < least.starts.size(); i++) {
            final int from = least.starts.get(i);
            final int to = least.starts.get(i + 1);
            final byte[] kept = Arrays.copyOfRange(least.code, from, to);
            if (isGone(kept)) {
                continue;
            }
            Arrays.fill(least.code, from, to, NOP);
            if (differs(least)) {
                fewer = true;
            } else {
                System.arraycopy(kept, 0, least.code, from, kept.length);
            }
        }
        return fewer;
    }

    private static boolean isGone(final byte[] instruction) {
        for (final byte octet : instruction) {
            if (octet != NOP) {
                return false;
            }
        }
        return true;
    }

    private void fewerValues(final Region least) {
        for (int i = 0; i < Slots.COUNT; i++) {
            final boolean input = i < Slots.GENERAL || i >= Slots.XMM;
            final long simple = i == Slots.RFLAGS ? Rflags.FIXED | Rflags.IF : 0;
            if ((!input && i != Slots.RFLAGS) || least.slots[i] == simple) {
                continue;
            }
            final long kept = least.slots[i];
            least.slots[i] = simple;
            if (!differs(least)) {
                least.slots[i] = kept;
            }
        }
    }

    private void fewerBytes(final Region least) {
        final byte[] data = least.data;
        for (int size = data.length / 3; size >= 64; size /= 4) {
            for (int at = 0; at + size <= data.length; at += size) {
                final byte[] kept = Arrays.copyOfRange(data, at, at + size);
                Arrays.fill(data, at, at + size, (byte) 0);
                if (!differs(least)) {
                    System.arraycopy(kept, 0, data, at, size);
                }
            }
        }
    }

    private void describe(final StringBuilder text, final StringJoiner names, final Region region) {
        for (int i = 0; i + 1 < region.starts.size(); i++) {
            final int from = region.starts.get(i);
            final int to = region.starts.get(i + 1);
            if (isGone(Arrays.copyOfRange(region.code, from, to))) {
                continue;
            }
            final long address = RegionMachine.CODE + from;
            final int length = decoder.decode(region.code, from, to, decoded);
            text.append(
                    String.format(
                            Locale.ROOT,
                            "  %x: %s%n",
                            address,
                            length > 0 ? Disassembler.text(decoded, address) : "?"));
            names.add(length > 0 ? decoded.row().mnemonic() : "?");
        }
        text.append(
                String.format(
                        Locale.ROOT,
                        "    from 0x%x, address space %d, limits %s%s%n",
                        region.entry(),
                        region.space,
                        region.limits,
                        !region.twice ? "" : region.elsewhere ? ", after the other" : ", twice"));
        for (int i = 0; i < Slots.COUNT; i++) {
            if ((i < Slots.GENERAL || i >= Slots.XMM) && region.slots[i] != 0) {
                text.append(
                        String.format(
                                Locale.ROOT,
                                "    with %s = 0x%x%n",
                                Names.slot(i),
                                region.slots[i]));
            }
        }
        text.append("    with rflags = ")
                .append(Names.flags(region.slots[Slots.RFLAGS]))
                .append('\n');
    }
}
