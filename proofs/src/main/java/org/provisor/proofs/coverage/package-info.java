// SPDX-License-Identifier: Apache-2.0

/// Which rows of the specification's decision tables were ever seen to decide: in the worked
/// examples, and in the exploration of small worlds.
@NullMarked
package org.provisor.proofs.coverage;

import org.jspecify.annotations.NullMarked;
