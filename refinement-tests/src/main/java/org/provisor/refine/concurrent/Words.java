// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.concurrent;

import io.vavr.collection.List;
import io.vavr.control.Option;

import org.provisor.refine.program.CallMemory;
import org.provisor.spec.abi.Bytes;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.GuestBytes;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.state.Contents;
import org.provisor.spec.state.GuestView;
import org.provisor.spec.state.Store;

import java.util.Arrays;

/// The words of memory before a round, after it, and at each point of an order between.
///
/// @param first all words before the round
/// @param last all words after it
/// @param shownEntry what stands in slot 256 of a root that shows the machine-to-physical table
@SuppressWarnings("ArrayRecordComponent")
record Words(long[] first, long[] last, long shownEntry) {

    private static final int FIRST_XEN_SLOT = 256;
    private static final int XEN_END = 272;

    /// The words of a frame after some stores, the latest first.
    long[] after(List<Store> stores, long mfn) {
        List<Store> rest = stores;
        List<Store.Word> single = List.empty();
        long[] words = new long[0];
        while (words.length == 0 && !rest.isEmpty()) {
            Store store = rest.head();
            rest = rest.tail();
            switch (store) {
                case Store.Word word when word.mfn().value() == mfn ->
                        single = single.prepend(word);
                case Store.Cleared(Mfn to) when to.value() == mfn ->
                        words = new long[TwoVcpus.SLOTS];
                case Store.Copied(Mfn to, Mfn from) when to.value() == mfn ->
                        words = after(rest, from.value());
                case Store.XenSlots(Mfn root, boolean shown) when root.value() == mfn -> {
                    words = after(rest, mfn);
                    Arrays.fill(words, FIRST_XEN_SLOT, XEN_END, 0);
                    words[FIRST_XEN_SLOT] = shown ? shownEntry : 0;
                }
                default -> {}
            }
        }
        if (words.length == 0) {
            int start = (int) mfn * TwoVcpus.SLOTS;
            words = Arrays.copyOfRange(first, start, start + TwoVcpus.SLOTS);
        }
        for (Store.Word word : single) {
            words[word.slot()] = word.value();
        }
        return words;
    }

    /// Where the words of a frame after some stores differ from those after the round, or -1.
    int mismatch(List<Store> stores, int mfn) {
        int start = mfn * TwoVcpus.SLOTS;
        long[] words = after(stores, mfn);
        return Arrays.mismatch(words, 0, words.length, last, start, start + words.length);
    }

    /// What stands in a word after some stores, and after the round.
    String text(List<Store> stores, int mfn, int slot) {
        return "specification 0x"
                + Long.toHexString(after(stores, mfn)[slot])
                + ", implementation 0x"
                + Long.toHexString(last[mfn * TwoVcpus.SLOTS + slot]);
    }

    /// What guests offer at a point of an order.
    ///
    /// @param handed what the call is handed
    GuestView view(At at, long[] handed) {
        return new GuestView() {

            @Override
            public Contents frame(Mfn mfn) {
                return Contents.of(after(at.stores(), mfn.value()));
            }

            @Override
            public Option<GuestBytes> read(GuestAddress linear, int bytes) {
                if (!Handed.there(linear.value(), bytes)) {
                    return Option.none();
                }
                int start = (int) (linear.value() - CallMemory.START);
                byte[] there = new byte[bytes];
                for (int i = 0; i < bytes; i++) {
                    int byteAt = start + i;
                    there[i] = (byte) (handed[byteAt / 8] >>> (8 * (byteAt % 8)));
                }
                return Option.some(Bytes.of(there));
            }

            @Override
            public boolean writable(GuestAddress linear, int bytes) {
                return Handed.there(linear.value(), bytes);
            }
        };
    }
}
