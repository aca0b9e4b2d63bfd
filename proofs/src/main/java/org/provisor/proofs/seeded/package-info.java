// SPDX-License-Identifier: Apache-2.0

/// Errors put into specification rules on purpose, to see that they are found.
///
/// A check that cannot fail is a defect. Each error is a change of the source of one rule; the rule
/// is compiled with it in memory, loaded beside the rules as they are, and judged by the worked
/// examples and by exploration of small worlds. An error that nothing finds is a hole in them.
@NullMarked
package org.provisor.proofs.seeded;

import org.jspecify.annotations.NullMarked;
