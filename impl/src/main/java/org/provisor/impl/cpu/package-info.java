// SPDX-License-Identifier: Apache-2.0

/// What software sees of an x86-64 processor, apart from its instructions: the register file,
/// flags, exceptions, and the two interfaces between an engine and whoever runs it:
/// [memory][LinearMemory] by linear address, and the [engine][Engine] itself, which reports why it
/// stopped.
@NullMarked
package org.provisor.impl.cpu;

import org.jspecify.annotations.NullMarked;
