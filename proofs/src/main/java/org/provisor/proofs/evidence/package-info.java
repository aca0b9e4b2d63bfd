// SPDX-License-Identifier: Apache-2.0
/// The evidence pack: what is written from results, in formats that assessors' tools read; and how
/// one sees that nothing in it was changed.
@NullMarked
package org.provisor.proofs.evidence;

import org.jspecify.annotations.NullMarked;
