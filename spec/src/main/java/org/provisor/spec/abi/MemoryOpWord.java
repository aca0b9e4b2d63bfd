// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

import io.vavr.control.Option;

/// The first argument of `memory_op`: the sub-operation in the low six bits; above them, the extent
/// at which a preempted call goes on. A guest can put any extent there itself.
///
/// @xen xen/include/xen/hypercall.h, MEMOP_EXTENT_SHIFT
public record MemoryOpWord(long word) {

    /// Where the extent starts in the word.
    public static final int MEMOP_EXTENT_SHIFT = 6;

    /// The bits of the sub-operation.
    public static final long MEMOP_CMD_MASK = (1L << MEMOP_EXTENT_SHIFT) - 1;

    /// The most extents that a preempted call can count, in a guest of either kind.
    public static final long MAX_EXTENTS = 0xFFFF_FFFFL >>> MEMOP_EXTENT_SHIFT;

    /// The sub-operation from its first extent on.
    public static MemoryOpWord of(MemoryCommand command) {
        return new MemoryOpWord(command.number());
    }

    /// The number of the sub-operation, 0 to 63.
    public int number() {
        return (int) (word & MEMOP_CMD_MASK);
    }

    /// The sub-operation, if there is one with this number.
    public Option<MemoryCommand> command() {
        return MemoryCommand.of(number());
    }

    /// The extent to start at, unsigned.
    public long startExtent() {
        return word >>> MEMOP_EXTENT_SHIFT;
    }

    /// The same sub-operation, to go on at `extent`.
    public MemoryOpWord from(long extent) {
        return new MemoryOpWord((extent << MEMOP_EXTENT_SHIFT) | number());
    }
}
