// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.state;

import org.provisor.spec.abi.Mfn;

/// A change that the hypervisor makes to the contents of a frame that its owner can read.
public sealed interface Store {

    /// One 8-byte word.
    record Word(Mfn mfn, int slot, long value) implements Store {}

    /// The whole frame becomes zero.
    record Cleared(Mfn mfn) implements Store {}

    /// The whole frame becomes what `from` holds.
    record Copied(Mfn to, Mfn from) implements Store {}

    /// Xen's slots of a table are written anew.
    record XenSlots(Mfn table, boolean roM2p) implements Store {}
}
