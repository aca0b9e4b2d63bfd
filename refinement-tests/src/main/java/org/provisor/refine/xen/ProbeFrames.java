// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.xen;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.program.CallMemory;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.state.Contents;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.Outcome;
import org.provisor.spec.state.Store;

import java.util.BitSet;

/// What the probe stands on: its code, its stack, its tables. An action whose outcome would take
/// that away is not done to Xen; the specification says beforehand what the outcome is.
final class ProbeFrames {

    private final long root;
    private final long table;
    private final BitSet frames;

    /// @param root the probe's root table
    /// @param table the level 3 table by which every root has to lead to the probe
    /// @param frames all of the probe's frames, those included
    ProbeFrames(long root, long table, BitSet frames) {
        this.root = root;
        this.table = table;
        this.frames = (BitSet) frames.clone();
    }

    long root() {
        return root;
    }

    boolean has(int mfn) {
        return frames.get(mfn);
    }

    BitSet frames() {
        return (BitSet) frames.clone();
    }

    /// Why an outcome must not come to pass, or null.
    @SuppressWarnings("ReferenceEquality") // What has not changed is the same object.
    @Nullable String objection(Machine before, Outcome outcome) {
        Machine after = outcome.machine();
        for (Store store : outcome.stores()) {
            long mfn = SpecMemory.target(store).value();
            if (frames.get((int) mfn) && mfn != root) {
                return "the probe: its frames would be written";
            }
        }
        if (after.frames() != before.frames()) {
            for (int mfn = frames.nextSetBit(0); mfn >= 0; mfn = frames.nextSetBit(mfn + 1)) {
                Frame was = before.frames().get(mfn);
                Frame is = after.frames().get(mfn);
                if (was != is && !stands(mfn, was, is)) {
                    return "the probe: its frames would be taken";
                }
            }
        }
        Mfn now = after.vcpu(Sides.VCPU).root().get();
        if (now.value() != root) {
            Contents contents = after.frame(now).table().contents();
            if (!contents.known() || !leads(contents.word(CallMemory.ROOT_SLOT))) {
                return "the probe: a root would not lead to it";
            }
        }
        return null;
    }

    @SuppressWarnings("ReferenceEquality") // What has not changed is the same object.
    private boolean stands(int mfn, Frame was, Frame is) {
        if (!is.owner().equals(was.owner())
                || is.allocated() != was.allocated()
                || is.use().type() != was.use().type()
                || is.use().validity() != was.use().validity()) {
            return false;
        }
        Contents contents = is.table().contents();
        return mfn == root
                ? contents.known() && leads(contents.word(CallMemory.ROOT_SLOT))
                : contents == was.table().contents();
    }

    /// Whether an entry leads to the probe, to write there too.
    boolean leads(long entry) {
        return (entry & 3) == 3 && (entry & 0x000F_FFFF_FFFF_F000L) >> 12 == table;
    }
}
