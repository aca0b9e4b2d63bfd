// SPDX-License-Identifier: Apache-2.0

/// The host's own processor as judge of the interpreter: snippets made up from the table of opcodes
/// are carried out by both, and registers, flags, memory and exceptions compared.
///
/// This is the only package that runs machine code of its own making. It needs Linux on x86-64.
@NullMarked
package org.provisor.refine.cpu;

import org.jspecify.annotations.NullMarked;
