// SPDX-License-Identifier: Apache-2.0

/// Tests of the small world.
@NullMarked
package org.provisor.proofs.smallworld;

import org.jspecify.annotations.NullMarked;
