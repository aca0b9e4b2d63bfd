// SPDX-License-Identifier: Apache-2.0

/// A property for each clause of the specification, in classes that mirror those of the rules: any
/// program that is likely to reach the clause commutes. Run by jqwik; made and shrunk by the
/// campaign's own generators.
@NullMarked
package org.provisor.refine.property;

import org.jspecify.annotations.NullMarked;
