// SPDX-License-Identifier: Apache-2.0

/// From bytes to instructions: the table of opcodes, `opcodes.txt`, and what is derived from it:
/// the decoder and the disassembler. Knows how instructions are written, not what they do; the
/// column `meaning` is for others.
@NullMarked
package org.provisor.impl.decode;

import org.jspecify.annotations.NullMarked;
