// SPDX-License-Identifier: Apache-2.0

/// What judges an implementation in tests, loaded together with it.
@NullMarked
package org.provisor.proofs.seeded.loaded;

import org.jspecify.annotations.NullMarked;
