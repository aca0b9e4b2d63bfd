// SPDX-License-Identifier: Apache-2.0

/// Builds domains: reads the image of a kernel, and lays out memory, page tables and start
/// information as the kernel expects to find them.
@NullMarked
package org.provisor.impl.build;

import org.jspecify.annotations.NullMarked;
