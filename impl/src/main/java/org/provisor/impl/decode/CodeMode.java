// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.decode;

/// What a code segment makes of its bytes.
///
/// @sdm 3A, "Code Segment Descriptor in 64-bit Mode"
public enum CodeMode {
    /// 64-bit mode: CS.L is set.
    BITS_64,
    /// Compatibility mode with 32-bit defaults: CS.L is clear, CS.D is set.
    BITS_32
}
