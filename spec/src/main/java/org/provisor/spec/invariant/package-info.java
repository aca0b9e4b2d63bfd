// SPDX-License-Identifier: Apache-2.0
/// What is true of every machine that can be reached: one named predicate each.
///
/// The numbers are those of the catalogue of invariants that security advisories teach; those that
/// need state of other subsystems are not here yet. A predicate says in words what is wrong.
@NullMarked
package org.provisor.spec.invariant;

import org.jspecify.annotations.NullMarked;
