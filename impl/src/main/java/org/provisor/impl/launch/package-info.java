// SPDX-License-Identifier: Apache-2.0

/// Runs a paravirtual guest: the machine it is alone on, the loop in which its code runs, and what
/// is done about that which stops it.
@NullMarked
package org.provisor.impl.launch;

import org.jspecify.annotations.NullMarked;
