// SPDX-License-Identifier: Apache-2.0

/// Carries out micro-operations one by one. It is what a translator is measured by, and what
/// carries out code that is not worth translating.
@NullMarked
package org.provisor.impl.interp;

import org.jspecify.annotations.NullMarked;
