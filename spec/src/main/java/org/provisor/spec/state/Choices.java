// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.state;

import io.vavr.collection.List;

import org.provisor.spec.abi.Mfn;

/// What was observed where Xen may choose. A rule follows it or says that it is not allowed.
///
/// @param patience how many preemption checks of the call answer no before one answers yes
/// @param allocations what the allocator did, request by request
public record Choices(int patience, List<Allocation> allocations) {

    /// What the allocator did with one request.
    public sealed interface Allocation {

        /// It gave the frames from `first` on.
        record Given(Mfn first) implements Allocation {}

        /// It had nothing.
        record Failed() implements Allocation {}
    }

    /// Nothing is preempted, and nothing is allocated.
    public static final Choices NONE = new Choices(Integer.MAX_VALUE, List.empty());

    /// Preempted at the check after `patience` checks.
    public static Choices preemptedAfter(int patience) {
        return new Choices(patience, List.empty());
    }

    /// The same, with these frames handed out in this order.
    public Choices giving(long... frames) {
        List<Allocation> all = List.empty();
        for (int i = frames.length - 1; i >= 0; i--) {
            all = all.prepend(new Allocation.Given(new Mfn(frames[i])));
        }
        return new Choices(patience, allocations.appendAll(all));
    }

    /// The same, with one more request that gets nothing.
    public Choices failing() {
        return new Choices(patience, allocations.append(new Allocation.Failed()));
    }
}
