// SPDX-License-Identifier: Apache-2.0

/// The hypercalls of guests, from registers to what does them and back.
@NullMarked
package org.provisor.impl.hypercall;

import org.jspecify.annotations.NullMarked;
