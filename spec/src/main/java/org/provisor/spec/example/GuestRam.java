// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import io.vavr.control.Option;

import org.provisor.spec.abi.Bytes;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.GuestBytes;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.state.Contents;
import org.provisor.spec.state.GuestView;
import org.provisor.spec.state.Store;

/// A guest's memory in an example: the words of frames, and structures at linear addresses. What is
/// not said is zero in a frame and not there at an address.
///
/// @param slots words in a frame
/// @param frames words that are not zero
/// @param structures what stands at addresses, each to be read from its start
/// @param readOnly addresses that cannot be written
public record GuestRam(
        int slots,
        Map<Mfn, Contents> frames,
        Map<GuestAddress, Bytes> structures,
        Set<GuestAddress> readOnly)
        implements GuestView {

    /// Memory in which everything is zero and nothing has an address.
    public static GuestRam empty(int slots) {
        return new GuestRam(slots, HashMap.empty(), HashMap.empty(), HashSet.empty());
    }

    /// The same with one word of a frame.
    public GuestRam word(Mfn mfn, int slot, long value) {
        return new GuestRam(
                slots, frames.put(mfn, frame(mfn).with(slot, value)), structures, readOnly);
    }

    /// The same with a structure at an address.
    public GuestRam structure(GuestAddress at, Bytes bytes) {
        return new GuestRam(slots, frames, structures.put(at, bytes), readOnly);
    }

    /// The same with an address that cannot be written.
    public GuestRam readOnly(GuestAddress at) {
        return new GuestRam(slots, frames, structures, readOnly.add(at));
    }

    /// The same after a change that the hypervisor made.
    public GuestRam after(Store store) {
        return switch (store) {
            case Store.Word(Mfn mfn, int slot, long value) -> word(mfn, slot, value);
            case Store.Cleared(Mfn mfn) ->
                    new GuestRam(slots, frames.remove(mfn), structures, readOnly);
            case Store.Copied(Mfn to, Mfn from) ->
                    new GuestRam(slots, frames.put(to, frame(from)), structures, readOnly);
            case Store.XenSlots _ -> this;
        };
    }

    @Override
    public Contents frame(Mfn mfn) {
        return frames.getOrElse(mfn, Contents.zero(slots));
    }

    @Override
    public Option<GuestBytes> read(GuestAddress linear, int bytes) {
        Option<Bytes> there = structures.get(linear);
        return there.isEmpty() || there.get().size() < bytes
                ? Option.none()
                : Option.some(there.get());
    }

    @Override
    public boolean writable(GuestAddress linear, int bytes) {
        return !readOnly.contains(linear);
    }
}
