// SPDX-License-Identifier: Apache-2.0

/// A world small enough to be explored to its last state: a few frames, tables of a few slots, a
/// control domain and a guest, and everything that the specification lets them do with memory.
///
/// Every transition is one of the specification; nothing of Xen's rules is repeated here. What a
/// rule leaves open is enumerated: where a call is preempted, what a guest has in a frame that is
/// about to be checked, which frame the allocator gives, in which order a dying domain's frames are
/// visited.
///
/// Frames are interchangeable: of the states that differ in their numbering only, one is kept.
@NullMarked
package org.provisor.proofs.smallworld;

import org.jspecify.annotations.NullMarked;
