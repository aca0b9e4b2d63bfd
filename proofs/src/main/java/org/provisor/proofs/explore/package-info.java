// SPDX-License-Identifier: Apache-2.0

/// Exhaustive exploration: visits every state of a finite [World][World] once, breadth first.
///
/// The engine knows nothing of what a state means. A world encodes a state in a fixed number of
/// longs; the engine keeps the encodings, tells new ones from old ones by a 64-bit fingerprint, and
/// reports totals, broken invariants and shortest traces. The result is that of a queue on one
/// thread, whatever the number of threads:
///
/// ```text
///   log     | level 0 | level 1 | ... | level d                 | level d+1 so far |
///                                       ^ done   ^ this batch
///   expand    each worker takes units of consecutive states; successors whose fingerprint is not
///             in the visited set are kept in the worker's outbox
///   insert    each worker takes partitions of the visited set and enters the kept fingerprints in
///             the order of the log: the first of several equal ones is the new state
///   append    each worker takes units and writes their new states to their places in the log,
///             checking the invariants of each
/// ```
///
/// The visited set and the log are off the Java heap. This package may use the JDK and nothing
/// else.
@NullMarked
package org.provisor.proofs.explore;

import org.jspecify.annotations.NullMarked;
