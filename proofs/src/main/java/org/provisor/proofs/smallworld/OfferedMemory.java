// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.smallworld;

import io.vavr.control.Option;

import org.provisor.proofs.smallworld.Action.Place;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.GuestBytes;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.state.Contents;
import org.provisor.spec.state.GuestView;

import java.util.Arrays;
import java.util.List;

/// The guest's memory: structures at addresses, and contents of frames, which are the guest's to
/// choose when a rule asks for them. Goes through all choices, one after the other. For one thread.
///
/// Frames are asked for one by one, and which is next may depend on what the one before held. So
/// the choices are the leaves of a tree, and come in the order of their names:
///
/// ```text
///   first frame    empty            one entry ...
///   second         -                empty   one entry ...   (asked for because of that entry)
///   choice         {0}              {1, 0}  {1, 1} ...
/// ```
final class OfferedMemory implements GuestView {

    private static final int MAX_FRAMES_ASKED = 64;

    private final Contents[] family;
    private List<Place> structures = List.of();

    // For each frame asked for: which one it was, and the number of what it holds.
    private final Mfn[] asked = new Mfn[MAX_FRAMES_ASKED];
    private final int[] picks = new int[MAX_FRAMES_ASKED];
    private int picked;
    private int demanded;

    OfferedMemory(final WorldSize size) {
        family = size.contents().of(size.frames(), size.slots()).toArray(new Contents[0]);
        Arrays.fill(asked, new Mfn(0));
    }

    /// Begins with the structures of an action and the first choice.
    void begin(final List<Place> places) {
        structures = places;
        picked = 0;
        demanded = 0;
    }

    /// Begins anew with the same choice.
    void again() {
        demanded = 0;
    }

    /// The next choice. All that was ever asked for with this one stays part of it.
    ///
    /// @return whether there is one
    boolean next() {
        demanded = 0;
        while (picked > 0) {
            picks[picked - 1]++;
            if (picks[picked - 1] < family.length) {
                return true;
            }
            picked--;
        }
        return false;
    }

    /// Whether this choice is the first of all that are the same as far as they were asked for:
    /// what was not asked for this time is empty.
    boolean isFirst() {
        for (int i = demanded; i < picked; i++) {
            if (picks[i] != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public Contents frame(final Mfn mfn) {
        if (demanded == picked) {
            picks[picked] = 0;
            picked++;
        }
        asked[demanded] = mfn;
        final Contents contents = family[picks[demanded]];
        demanded++;
        return contents;
    }

    @Override
    public Option<GuestBytes> read(final GuestAddress linear, final int bytes) {
        for (int i = 0; i < structures.size(); i++) {
            if (structures.get(i).address() == linear.value()) {
                return structures.get(i).bytes();
            }
        }
        return Option.none();
    }

    @Override
    public boolean writable(final GuestAddress linear, final int bytes) {
        return true;
    }

    /// What the frames that were asked for hold, in words.
    String text(final int[] names) {
        final StringBuilder said = new StringBuilder();
        for (int i = 0; i < demanded; i++) {
            said.append(", ")
                    .append(name(asked[i], names))
                    .append(" holds ")
                    .append(contents(family[picks[i]], names));
        }
        return said.toString();
    }

    private static String contents(final Contents contents, final int[] names) {
        final StringBuilder said = new StringBuilder("{");
        for (int slot = 0; slot < contents.slots(); slot++) {
            if (contents.entry(slot).present()) {
                said.append(said.length() == 1 ? "" : ", ")
                        .append(slot)
                        .append(": ")
                        .append(name(contents.entry(slot).mfn(), names))
                        .append(contents.entry(slot).writable() ? " rw" : " ro");
            }
        }
        return said.append('}').toString();
    }

    private static String name(final Mfn mfn, final int[] names) {
        return "mfn " + names[(int) mfn.value()];
    }
}
