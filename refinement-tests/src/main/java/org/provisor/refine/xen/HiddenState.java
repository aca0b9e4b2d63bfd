// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.xen;

import org.jspecify.annotations.Nullable;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.TypeUse;

import java.util.function.Supplier;

/// What no guest can see: a frame in Xen's own table of frames, against the specification's.
final class HiddenState {

    private HiddenState() {}

    /// The first thing that differs.
    ///
    /// @param where which frame it is
    /// @param own whether the frame is the probe's domain's, for Xen
    /// @param count the word with the general references
    /// @param type the word with the type
    static @Nullable Mismatch mismatch(
            Supplier<String> where, Frame frame, boolean own, long count, long type) {
        boolean ours = frame.ownedBy(XenBoot.PROBE);
        if (ours != own) {
            return Mismatch.of(
                    "hidden: owner",
                    where.get(),
                    String.valueOf(frame.owner()),
                    own ? "d0" : "another");
        }
        if (!ours) {
            return null;
        }
        if (frame.refs() != FrameTable.references(count)) {
            return different(
                    "hidden: references", where, frame.refs(), FrameTable.references(count));
        }
        if (frame.allocated() != ((count & FrameTable.ALLOCATED) != 0)) {
            return different("hidden: allocated", where, frame.allocated(), !frame.allocated());
        }
        if (frame.special() != ((count & FrameTable.XEN_HEAP) != 0)) {
            return different("hidden: shared by Xen", where, frame.special(), !frame.special());
        }
        return use(where, frame.use(), type);
    }

    private static @Nullable Mismatch use(Supplier<String> where, TypeUse use, long word) {
        if (use.count() != FrameTable.typeReferences(word)) {
            return different(
                    "hidden: type references",
                    where,
                    use.count() + " to " + use.type(),
                    FrameTable.typeReferences(word) + " to " + XenBoot.type(FrameTable.type(word)));
        }
        if (use.type() != XenBoot.type(FrameTable.type(word))) {
            return different(
                    use.count() > 0 ? "hidden: type" : "hidden: last type",
                    where,
                    use.type(),
                    XenBoot.type(FrameTable.type(word)));
        }
        if (use.pinned() != ((word & FrameTable.PINNED) != 0)) {
            return different("hidden: pinned", where, use.pinned(), !use.pinned());
        }
        if (use.validity() != XenBoot.validity(word)) {
            return different(
                    use.count() > 0 ? "hidden: validity" : "hidden: last validity",
                    where,
                    use.validity(),
                    XenBoot.validity(word));
        }
        return null;
    }

    private static Mismatch different(
            String part, Supplier<String> where, Object specified, Object real) {
        return Mismatch.of(part, where.get(), String.valueOf(specified), String.valueOf(real));
    }
}
