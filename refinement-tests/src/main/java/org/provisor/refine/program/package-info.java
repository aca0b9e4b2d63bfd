// SPDX-License-Identifier: Apache-2.0

/// Programs: what is done to a hypervisor to compare it with the specification. They name frames,
/// not numbers, so that the same program runs on any subject.
@NullMarked
package org.provisor.refine.program;

import org.jspecify.annotations.NullMarked;
