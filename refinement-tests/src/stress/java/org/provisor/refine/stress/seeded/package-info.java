// SPDX-License-Identifier: Apache-2.0

/// Errors put in on purpose, to show that a forbidden outcome is found.
@NullMarked
package org.provisor.refine.stress.seeded;

import org.jspecify.annotations.NullMarked;
