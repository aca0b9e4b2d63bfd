// SPDX-License-Identifier: Apache-2.0

/// What watches decisions, loaded together with what has them.
@NullMarked
package org.provisor.proofs.mcdc.loaded;

import org.jspecify.annotations.NullMarked;
