// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.concurrent;

import io.vavr.collection.List;

import org.provisor.spec.abi.Mfn;
import org.provisor.spec.state.Flush;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.Outcome;
import org.provisor.spec.state.Store;

/// A point of an order.
///
/// @param machine the machine there
/// @param stores what was stored since the round began, the latest first
/// @param moments what was held for a moment
/// @param left what elements of one vCPU hold there
/// @param right likewise of the other
record At(
        Machine machine,
        List<Store> stores,
        List<Moment> moments,
        List<Moments.Held> left,
        List<Moments.Held> right) {

    static At start(Machine machine) {
        return new At(machine, List.empty(), List.empty(), List.empty(), List.empty());
    }

    /// After an element. Frames that are given anew are zero.
    At after(Outcome outcome) {
        List<Store> all = stores;
        for (Flush flush : outcome.flushes()) {
            if (flush instanceof Flush.Reuse(Mfn first, int order)) {
                for (long i = 0; i < 1L << order; i++) {
                    all = all.prepend(new Store.Cleared(new Mfn(first.value() + i)));
                }
            }
        }
        all = all.prependAll(outcome.stores().reverse());
        return new At(outcome.machine(), all, moments, left, right);
    }

    At with(Mfn mfn, Frame frame) {
        return new At(machine.with(mfn, frame), stores, moments, left, right);
    }

    /// After something was stored and nothing else done.
    At storing(Store store) {
        return new At(machine, stores.prepend(store), moments, left, right);
    }

    At by(Moment moment) {
        return new At(machine, stores, moments.prepend(moment), left, right);
    }

    /// The same point, without what was held before it.
    At forgetting() {
        return new At(machine, stores, List.empty(), left, right);
    }

    List<Moments.Held> held(int side) {
        return side == 0 ? left : right;
    }

    /// How much is held.
    int holds() {
        return left.size() + right.size();
    }

    At holding(int side, List<Moments.Held> now) {
        return new At(machine, stores, moments, side == 0 ? now : left, side == 0 ? right : now);
    }
}
