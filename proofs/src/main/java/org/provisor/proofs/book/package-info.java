// SPDX-License-Identifier: Apache-2.0
/// The book that an auditor reads: a page a clause, a page a source, generated from the
/// specification's source and its worked examples.
@NullMarked
package org.provisor.proofs.book;

import org.jspecify.annotations.NullMarked;
