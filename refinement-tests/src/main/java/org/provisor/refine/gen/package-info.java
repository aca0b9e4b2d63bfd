// SPDX-License-Identifier: Apache-2.0

/// Programs made up by chance: sequences of calls that lead from boot to deep states. A generator
/// looks at the machine as the specification says it is, to choose well, and to choose badly on
/// purpose. Knows no engine and no implementation.
///
///     Chance, Tape    where decisions come from
///     Edges           values at which something changes
///     Worlds          the machines that programs start on
///     Stage           what a move sees and does
///     ...Moves        the moves, one class an area; Moves lists them all, Focus weighs them
///     Script          a program from its first move to its last
@NullMarked
package org.provisor.refine.gen;

import org.jspecify.annotations.NullMarked;
