// SPDX-License-Identifier: Apache-2.0

/// What looks at mutants in tests, loaded together with them.
@NullMarked
package org.provisor.proofs.recall.loaded;

import org.jspecify.annotations.NullMarked;
