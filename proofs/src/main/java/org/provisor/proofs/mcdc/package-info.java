// SPDX-License-Identifier: Apache-2.0

/// Modified condition/decision coverage of rules and implementation, from their class files.
///
/// A decision is what the processor cannot tell from one: conditional jumps that follow each other
/// with nothing but the evaluation of an expression between them, that are entered at the first and
/// left for one of two places. So `a && (b || c)` is one, whether it decides an `if`, a loop or a
/// value, and negated or not; a choice `a ? b : c` between truth values is one of three conditions.
/// A switch is a decision of as many ways as it has.
@NullMarked
package org.provisor.proofs.mcdc;

import org.jspecify.annotations.NullMarked;
