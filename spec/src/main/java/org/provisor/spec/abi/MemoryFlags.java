// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

/// The `mem_flags` of a memory reservation: which memory is wanted.
///
/// ```
///  31           19 18    17    16  15      8 7            0
///  |       -      |vnode|exact|pod| node + 1 | address bits |
/// ```
///
/// @xen xen/include/public/memory.h, XENMEMF_address_bits and what follows
public record MemoryFlags(long word) {

    /// No restriction.
    public static final MemoryFlags NONE = new MemoryFlags(0);

    /// Leave the frames to be filled on demand.
    public static final long POPULATE_ON_DEMAND = 1 << 16;

    /// From the named node or not at all.
    public static final long EXACT_NODE_REQUEST = 1 << 17;

    /// The named node is one of the guest's own.
    public static final long VNODE = 1 << 18;

    /// What [#node] answers when no node is named.
    public static final int NO_NODE = 0xFF;

    public MemoryFlags {
        if (word >>> 32 != 0) {
            throw new IllegalArgumentException("mem_flags of " + Long.toHexString(word));
        }
    }

    /// Memory whose addresses fit this many bits; 0 for any.
    public int addressBits() {
        return (int) (word & 0xFF);
    }

    /// The node that is named, or [#NO_NODE].
    public int node() {
        return (int) (((word >>> 8) - 1) & 0xFF);
    }

    /// Whether all bits of `mask` are set.
    public boolean has(long mask) {
        return (word & mask) == mask;
    }

    /// The same flags with another limit on addresses, 0 to 255.
    public MemoryFlags withAddressBits(int bits) {
        return new MemoryFlags((word & ~0xFFL) | (bits & 0xFF));
    }

    /// The same flags with a node, 0 to 254, or [#NO_NODE].
    public MemoryFlags withNode(int node) {
        return new MemoryFlags((word & ~0xFF00L) | (((node + 1) & 0xFF) << 8));
    }

    /// The same flags with those of `mask` set.
    public MemoryFlags with(long mask) {
        return new MemoryFlags(word | mask);
    }
}
