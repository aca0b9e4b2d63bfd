// SPDX-License-Identifier: Apache-2.0
/// The rules of paravirtual memory management: page types, reference counts, page-table updates,
/// descriptor tables, memory reservation.
///
/// One class an operation or concept. A rule takes a {@link org.provisor.spec.state.Step} and
/// returns it further on; it has no state, asks nothing of the outside, and does the same again for
/// the same step. {@code spec/README.md} gives the order in which to read them.
@NullMarked
package org.provisor.spec.mm;

import org.jspecify.annotations.NullMarked;
