// SPDX-License-Identifier: Apache-2.0

/// Programs as text, one line a step, and replaying them. The format is described in the module's
/// README.
@NullMarked
package org.provisor.refine.trace;

import org.jspecify.annotations.NullMarked;
