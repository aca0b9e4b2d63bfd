// SPDX-License-Identifier: Apache-2.0

/// Tests of the translator.
@NullMarked
package org.provisor.impl.jit;

import org.jspecify.annotations.NullMarked;
