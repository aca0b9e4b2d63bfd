// SPDX-License-Identifier: Apache-2.0

/// Advisories, mutants and what finds them.
@NullMarked
package org.provisor.proofs.recall;

import org.jspecify.annotations.NullMarked;
