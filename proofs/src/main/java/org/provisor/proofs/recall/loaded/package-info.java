// SPDX-License-Identifier: Apache-2.0

/// What looks at a mutant, loaded together with it.
@NullMarked
package org.provisor.proofs.recall.loaded;

import org.jspecify.annotations.NullMarked;
