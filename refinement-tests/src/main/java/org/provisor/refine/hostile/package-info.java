// SPDX-License-Identifier: Apache-2.0
/// Kernels that are up to no good, run for as long as one likes beside a domain that must not
/// notice.
@NullMarked
package org.provisor.refine.hostile;

import org.jspecify.annotations.NullMarked;
