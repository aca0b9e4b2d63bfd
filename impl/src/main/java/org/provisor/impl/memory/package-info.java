// SPDX-License-Identifier: Apache-2.0

/// The machine's memory: its words, and which of its frames are free.
///
/// A machine address (`maddr`) is an offset into one region of native memory; a machine frame
/// number (`mfn`) is a machine address without its low 12 bits. Nothing here knows of domains.
@NullMarked
package org.provisor.impl.memory;

import org.jspecify.annotations.NullMarked;
