// SPDX-License-Identifier: Apache-2.0

/// The function from the implementation's state to the specification's: one class a subsystem, one
/// method a field, each with what it abstracts, what protects it and which invariant it is bound
/// by.
///
/// A field is right only while nobody changes it: a machine is abstracted between steps, or under
/// the protection that stands at the field. The invariants are those of {@link
/// org.provisor.spec.invariant.Invariant}, by number.
@NullMarked
package org.provisor.refine.abstraction;

import org.jspecify.annotations.NullMarked;
