// SPDX-License-Identifier: Apache-2.0

/// The commuting square, written once: a step of the specification and a step of what is compared
/// with it lead from machines that agree to machines that agree. Knows no engine.
@NullMarked
package org.provisor.refine.harness;

import org.jspecify.annotations.NullMarked;
