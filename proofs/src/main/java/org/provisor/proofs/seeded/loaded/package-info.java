// SPDX-License-Identifier: Apache-2.0

/// What judges a set of rules, loaded together with them.
@NullMarked
package org.provisor.proofs.seeded.loaded;

import org.jspecify.annotations.NullMarked;
