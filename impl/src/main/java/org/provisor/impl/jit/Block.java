// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.jit;

import org.objectweb.asm.Label;

import java.util.ArrayList;
import java.util.List;

/// Instructions that are carried out one behind the other.
final class Block {

    final long start;
    final List<Insn> insns = new ArrayList<>();

    /// Whether an edge goes to it from a block that is not before it: there the budget is looked
    /// at.
    boolean loopHead;

    /// Whether an indirect jump or a return goes to it.
    boolean indirect;

    /// Whether somebody may see the flags that it is entered with.
    boolean needsFlags = true;

    // While the region is written.

    Label label = new Label();

    /// What the flags come from when it is entered: a kind of [LazyFlags].
    int kind;

    /// Whether an edge to it has been written.
    boolean reached;

    Block(final long start) {
        this.start = start;
    }

    Insn last() {
        return insns.getLast();
    }

    void clear() {
        label = new Label();
        kind = LazyFlags.UNKNOWN;
        reached = false;
    }
}
