// SPDX-License-Identifier: Apache-2.0

/// Judges by the specification what a guest does while it runs.
@NullMarked
package org.provisor.refine.run;

import org.jspecify.annotations.NullMarked;
