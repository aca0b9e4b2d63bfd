// SPDX-License-Identifier: Apache-2.0

/// What instructions do: each becomes a few micro-operations, and each micro-operation has one
/// meaning, a static method on `long`s. Whoever carries them out calls these methods, or generates
/// code that does.
///
/// Sizes are given as the logarithm of bytes: 0 to 3 for 1, 2, 4 and 8 bytes. What is passed may
/// hold anything above its size; results hold 0 there.
@NullMarked
package org.provisor.impl.ir;

import org.jspecify.annotations.NullMarked;
