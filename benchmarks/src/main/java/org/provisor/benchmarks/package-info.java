// SPDX-License-Identifier: Apache-2.0

/// Measurements. One class asks one question and is named for it; a baseline stands beside it.
@NullMarked
package org.provisor.benchmarks;

import org.jspecify.annotations.NullMarked;
