// SPDX-License-Identifier: Apache-2.0

/// Long runs of programs made up by chance: many rounds on several threads, coverage that says what is
/// new, programs made of others that were, and every difference shrunk to the least that shows it.
///
///     Campaign    rounds until the budget is spent
///     Round       a few hundred programs that learn from each other; repeats from its seed
///     Player      one program
///     Sweep       one call of a program, preempted in all ways
///     Shrinker    the least program that still differs in the same way
///
/// Knows no test library.
@NullMarked
package org.provisor.refine.campaign;

import org.jspecify.annotations.NullMarked;
