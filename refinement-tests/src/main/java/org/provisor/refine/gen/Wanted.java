// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.gen;

import org.provisor.spec.state.Frame;
import org.provisor.spec.state.PageType;
import org.provisor.spec.state.TypeUse;

/// What sort of frame a move looks for.
enum Wanted {
    /// Any.
    ANY {
        @Override
        boolean fits(Frame frame) {
            return true;
        }
    },
    /// Ordinary memory that nobody refers to but its owner.
    UNUSED {
        @Override
        boolean fits(Frame frame) {
            return frame.refs() == 1 && frame.allocated() && !frame.special();
        }
    },
    /// Ordinary memory that nobody holds to its type.
    IDLE {
        @Override
        boolean fits(Frame frame) {
            return frame.use().count() == 0 && frame.refs() > 0 && !frame.special();
        }
    },
    /// In use as writable.
    WRITABLE {
        @Override
        boolean fits(Frame frame) {
            return frame.use().count() > 0 && frame.use().type() == PageType.WRITABLE;
        }
    },
    /// In use as a page table, or being checked or taken apart.
    TABLE {
        @Override
        boolean fits(Frame frame) {
            return frame.use().count() > 0 && frame.use().type().isPageTable();
        }
    },
    L1 {
        @Override
        boolean fits(Frame frame) {
            return isTable(frame, PageType.L1);
        }
    },
    L2 {
        @Override
        boolean fits(Frame frame) {
            return isTable(frame, PageType.L2);
        }
    },
    L3 {
        @Override
        boolean fits(Frame frame) {
            return isTable(frame, PageType.L3);
        }
    },
    L4 {
        @Override
        boolean fits(Frame frame) {
            return isTable(frame, PageType.L4);
        }
    },
    /// A table of level 2 to 4.
    HIGH_TABLE {
        @Override
        boolean fits(Frame frame) {
            TypeUse use = frame.use();
            return use.count() > 0 && use.validated() && use.type().level() > 1;
        }
    },
    PINNED {
        @Override
        boolean fits(Frame frame) {
            return frame.use().pinned();
        }
    },
    /// Checked or taken apart in part.
    PARTIAL {
        @Override
        boolean fits(Frame frame) {
            return frame.use().partial();
        }
    },
    /// Being taken apart by force.
    FORCED {
        @Override
        boolean fits(Frame frame) {
            TypeUse use = frame.use();
            return use.count() > 0
                    && use.type().isPageTable()
                    && !use.partial()
                    && !use.validated();
        }
    },
    /// In use for descriptors, or used for them last.
    DESCRIPTORS {
        @Override
        boolean fits(Frame frame) {
            return frame.use().type() == PageType.SEG_DESC;
        }
    },
    /// Shared by Xen.
    SHARED {
        @Override
        boolean fits(Frame frame) {
            return frame.special();
        }
    },
    /// Given back, but held.
    GIVEN_BACK {
        @Override
        boolean fits(Frame frame) {
            return frame.refs() > 0 && !frame.allocated();
        }
    },
    /// A counter is near its end.
    HEAVY {
        @Override
        boolean fits(Frame frame) {
            return frame.refs() > 1L << 40;
        }
    };

    private static final Wanted[] TABLES = {L1, L2, L3, L4};
    private static final Wanted[] ALL = values();

    /// The order of a sort among all, from 0.
    @SuppressWarnings("EnumOrdinal") // an index into arrays that live as long as the program
    int index() {
        return ordinal();
    }

    abstract boolean fits(Frame frame);

    /// The bit of this sort in {@link #bits}.
    int bit() {
        return 1 << index();
    }

    /// All sorts that a frame is of.
    static int bits(Frame frame) {
        int bits = 0;
        for (Wanted each : ALL) {
            bits |= each.fits(frame) ? each.bit() : 0;
        }
        return bits;
    }

    /// A checked table of a level from 1 to 4 that is in use.
    static Wanted table(int level) {
        return TABLES[level - 1];
    }

    private static boolean isTable(Frame frame, PageType type) {
        TypeUse use = frame.use();
        return use.type() == type && use.count() > 0 && use.validated();
    }
}
