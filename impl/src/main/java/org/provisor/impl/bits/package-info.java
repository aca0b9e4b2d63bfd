// SPDX-License-Identifier: Apache-2.0

/// Addresses and page-table entries of the processor, as plain words.
@NullMarked
package org.provisor.impl.bits;

import org.jspecify.annotations.NullMarked;
