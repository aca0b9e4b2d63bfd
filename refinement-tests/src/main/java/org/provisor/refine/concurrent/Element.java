// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.concurrent;

import io.vavr.collection.List;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.harness.ImplCalls;
import org.provisor.spec.abi.Registers;
import org.provisor.spec.state.Choices;
import org.provisor.spec.state.Choices.Allocation;
import org.provisor.spec.state.VcpuId;
import org.provisor.spec.transition.Event;

/// One thing that a vCPU does, atomic as far as the specification goes: an attempt of a call with
/// one request, or a mark that its processor makes. And what was seen of it, once it is done.
final class Element {

    final VcpuId by;

    /// What happens; null for a mark.
    final @Nullable Event event;

    /// The mark; null if it is none.
    final @Nullable Mark mark;

    /// What stands in the registers before it, for a call.
    final @Nullable Registers registers;

    /// What the call is handed, see [Handed].
    final long[] handed;

    /// How many preemption checks answer no before one answers yes.
    final int patience;

    /// What stood in the entry that was marked, or [Mark#NOTHING].
    long marked = Mark.NOTHING;

    /// How it ended.
    final ImplCalls calls = new ImplCalls();

    /// How many elements the other vCPU had done when this one began: those were before it.
    int othersBefore;

    /// When it began and ended: see [Turns#time].
    long began;

    long ended;

    /// What it was given by the allocator.
    List<Allocation> allocations = List.empty();

    /// What it wrote to its caller, and where.
    List<Handed.Written> written = List.empty();

    /// What it ended with that no call ends with.
    @Nullable Throwable thrown;

    Element(VcpuId by, Event event, @Nullable Registers registers, long[] handed, int patience) {
        this.by = by;
        this.event = event;
        mark = null;
        this.registers = registers;
        this.handed = handed;
        this.patience = patience;
    }

    /// A mark.
    Element(VcpuId by, Mark mark) {
        this.by = by;
        event = null;
        this.mark = mark;
        registers = null;
        handed = new long[Handed.WORDS];
        patience = Integer.MAX_VALUE;
    }

    /// What the specification is told of what was observed.
    Choices choices() {
        return new Choices(patience, allocations);
    }

    @Override
    public String toString() {
        return by
                + " "
                + (mark == null ? event : mark)
                + " -> "
                + (thrown == null ? calls : thrown);
    }
}
