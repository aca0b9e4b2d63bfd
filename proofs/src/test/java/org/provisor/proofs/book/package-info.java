// SPDX-License-Identifier: Apache-2.0

/// Tests of the book's pages.
@NullMarked
package org.provisor.proofs.book;

import org.jspecify.annotations.NullMarked;
