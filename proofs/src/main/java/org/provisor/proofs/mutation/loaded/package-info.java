// SPDX-License-Identifier: Apache-2.0

/// What judges mutants of the rules, loaded together with them.
@NullMarked
package org.provisor.proofs.mutation.loaded;

import org.jspecify.annotations.NullMarked;
