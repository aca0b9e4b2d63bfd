// SPDX-License-Identifier: Apache-2.0

/// Kernels that run on the implementation.
@NullMarked
package org.provisor.refine.run;

import org.jspecify.annotations.NullMarked;
