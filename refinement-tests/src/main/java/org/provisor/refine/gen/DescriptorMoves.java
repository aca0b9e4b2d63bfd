// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.gen;

import static org.provisor.refine.gen.Stage.NONE;

import org.provisor.refine.program.Action;
import org.provisor.refine.program.Operand;
import org.provisor.spec.state.Vcpu;

import java.util.List;

/// Descriptors and the tables they are in.
final class DescriptorMoves {

    private static final int SET_GDT = 2;
    private static final int UPDATE_DESCRIPTOR = 10;
    private static final int SET_LDT = 13;

    private static final long[] COUNTS = {
        0, 1, 511, 512, 513, 1024, 7167, 7168, 7169, 8191, 8192, 8193, 0xFFFF_FFFFL, 1L << 32
    };

    static final List<Move> ALL =
            List.of(
                    // A global table, of frames with descriptors good and bad.
                    Move.of(
                            "set-global-table",
                            25,
                            DescriptorMoves::global,
                            "mm.gdt.set",
                            "mm.gdt.hold",
                            "mm.gdt.destroy",
                            "mm.validate.descriptors",
                            "mm.descriptor.check",
                            "set_gdt"),
                    // A local table, and descriptors loaded from it.
                    Move.of(
                            "set-local-table",
                            25,
                            DescriptorMoves::local,
                            "mm.ldt.set",
                            "mm.ldt.map",
                            "mm.ldt.destroy",
                            "mm.guest-walk.effective",
                            "mmuext_op",
                            "MMUEXT_SET_LDT"),
                    // Descriptors loaded from the local table that there is.
                    Move.of(
                            "load-descriptor",
                            20,
                            DescriptorMoves::load,
                            "mm.ldt.map",
                            "mm.guest-walk.effective"),
                    // One descriptor changed.
                    Move.of(
                            "update-descriptor",
                            20,
                            DescriptorMoves::update,
                            "mm.descriptor.update",
                            "mm.descriptor.check",
                            "update_descriptor"));

    private DescriptorMoves() {}

    /// A descriptor: absent, harmless, to be corrected, or harmful.
    static long descriptor(Chance chance) {
        return switch (chance.below(12)) {
            case 0 -> 0;
            case 1 -> 0x00CF_F300_0000_FFFFL;
            case 2 -> 0x00CF_9300_0000_FFFFL;
            case 3 -> 0x00AF_9B00_0000_FFFFL;
            case 4 -> 0x00AF_BB00_0000_FFFFL | (long) chance.below(4) << 45;
            case 5, 6 -> gate(chance);
            case 7 -> 0x0000_8000_0000_0000L | (chance.bits() & 0xFFFF_60FF_FFFF_FFFFL);
            case 8 -> chance.bits() & ~0x0000_8000_0000_0000L;
            case 9 -> 0x0000_8000_0000_0000L | (long) chance.below(32) << 40;
            default -> chance.oneIn(2) ? harmless(chance) : chance.bits();
        };
    }

    private static long harmless(Chance chance) {
        return chance.oneIn(3) ? 0x00CF_9300_0000_FFFFL : 0x00CF_F300_0000_FFFFL;
    }

    private static long gate(Chance chance) {
        long selector =
                switch (chance.below(8)) {
                    case 0 -> 0xE033;
                    case 1 -> 0xE030;
                    case 2 -> 0xE008;
                    case 3 -> 0xE000;
                    case 4 -> 0xDFFF;
                    case 5 -> 0xE00C;
                    default -> chance.below(0x10000);
                };
        long reserved = chance.oneIn(4) ? chance.below(256) : 0;
        return chance.below(0x10000)
                | selector << 16
                | reserved << 32
                | 0x8CL << 40
                | (long) chance.below(4) << 45
                | (long) chance.below(0x10000) << 48;
    }

    /// Writes descriptors into a frame that is not in use.
    private static void write(Stage stage, int domain, long mfn) {
        Chance chance = stage.chance();
        boolean careful = chance.percent(75);
        for (int slot : Edges.SLOTS) {
            if (careful || chance.oneIn(3)) {
                long word = careful ? (chance.oneIn(2) ? 0 : harmless(chance)) : descriptor(chance);
                stage.fill(domain, mfn, slot, Operand.of(word));
            }
        }
    }

    private static long frame(Stage stage, int domain) {
        Chance chance = stage.chance();
        return switch (chance.below(10)) {
            case 0 -> stage.someFrame(domain);
            case 1 -> stage.frameOr(domain, Wanted.ANY, Wanted.ANY);
            case 2, 3, 4 -> stage.frameOr(domain, Wanted.DESCRIPTORS, Wanted.IDLE);
            default -> {
                long mfn = stage.frameOr(domain, Wanted.IDLE, Wanted.ANY);
                if (chance.percent(70)) {
                    write(stage, domain, mfn);
                }
                yield mfn;
            }
        };
    }

    private static void global(Stage stage) {
        Chance chance = stage.chance();
        int domain = stage.caller();
        if (domain == NONE) {
            return;
        }
        long entries =
                chance.oneIn(3) ? COUNTS[chance.below(COUNTS.length)] : 1 + chance.below(1536);
        int frames = (int) Math.min((entries + 511) / 512, 14);
        Batch batch = stage.batch();
        long list = chance.oneIn(32) ? 0 : batch.anywhere(8 * frames);
        for (int i = 0; i < frames; i++) {
            stage.poke(domain, (list & ~7L) + 8L * i, stage.number(frame(stage, domain)));
        }
        stage.call(
                domain,
                stage.vcpu(domain),
                SET_GDT,
                List.of(Operand.of(list), Operand.of(entries)),
                stage.stimulus(domain, list, frames));
    }

    private static void local(Stage stage) {
        Chance chance = stage.chance();
        int domain = stage.caller();
        if (domain == NONE) {
            return;
        }
        int vcpu = stage.vcpu(domain);
        Vcpu state = stage.state(domain, vcpu);
        if (state != null && state.root().isEmpty() && chance.percent(80)) {
            TableMoves.load(stage, domain, vcpu, false);
        }
        Walks.Found mapped = null;
        for (int i = chance.few(2); i > 0; i--) {
            Walks.Found found = Walks.ofMemory(stage, domain, vcpu);
            mapped = found;
            long base =
                    found == null || chance.oneIn(8)
                            ? PageMoves.linear(stage) & (chance.oneIn(4) ? -1L : ~0xFFFL)
                            : found.linear();
            if (chance.oneIn(16)) {
                base += chance.below(4096);
            }
            if (state != null && chance.oneIn(8)) {
                base = state.ldt().base();
            }
            long entries =
                    chance.oneIn(3) ? COUNTS[chance.below(COUNTS.length)] : 1 + chance.below(1024);
            if (state != null && chance.oneIn(8)) {
                entries = state.ldt().entries();
            }
            stage.batch().operation(SET_LDT, Operand.of(base), Operand.of(entries));
        }
        stage.batch().send(domain, vcpu, Batch.MMUEXT_OP, Edges.SELF);
        if (mapped != null && chance.oneIn(4)) {
            remap(stage, domain, vcpu, mapped);
        }
        for (int i = chance.below(3); i > 0; i--) {
            load(stage, domain, vcpu);
        }
    }

    /// The entry that maps a table's page becomes another before the page is used.
    private static void remap(Stage stage, int domain, int vcpu, Walks.Found at) {
        int slot = (int) (at.linear() >>> 12) & (Edges.WORDS - 1);
        stage.batch()
                .update(
                        stage.place(at.table(), 8L * slot),
                        Entries.changed(stage, domain, NONE, at.table(), 1, slot));
        stage.batch().send(domain, vcpu, Batch.MMU_UPDATE, Edges.SELF, stage.calm());
    }

    private static void load(Stage stage) {
        int domain = stage.caller();
        if (domain != NONE) {
            load(stage, domain, stage.vcpu(domain));
        }
    }

    private static void load(Stage stage, int domain, int vcpu) {
        Chance chance = stage.chance();
        Vcpu state = stage.state(domain, vcpu);
        if (state == null || state.ldt().entries() == 0) {
            return;
        }
        int entries = state.ldt().entries();
        int entry =
                switch (chance.below(4)) {
                    case 0 -> entries - 1;
                    case 1 -> chance.below(entries);
                    default -> chance.below(Math.min(entries, 512));
                };
        stage.act(
                new Action.LoadDescriptor(
                        domain, vcpu, 8 * entry + (chance.oneIn(4) ? chance.below(8) : 0)));
    }

    private static void update(Stage stage) {
        Chance chance = stage.chance();
        int domain = stage.caller();
        if (domain == NONE) {
            return;
        }
        for (int i = chance.few(3); i > 0; i--) {
            long mfn =
                    chance.oneIn(3)
                            ? stage.frameOr(domain, Wanted.DESCRIPTORS, Wanted.IDLE)
                            : chance.oneIn(2)
                                    ? stage.someFrame(domain)
                                    : stage.frameOr(domain, Wanted.ANY, Wanted.ANY);
            long offset = 8L * Edges.slot(chance) + (chance.oneIn(12) ? chance.below(8) : 0);
            stage.call(
                    domain,
                    stage.vcpu(domain),
                    UPDATE_DESCRIPTOR,
                    List.of(stage.place(mfn, offset), Operand.of(descriptor(chance))));
        }
    }
}
