// SPDX-License-Identifier: Apache-2.0

/// Tests of what a processor has.
@NullMarked
package org.provisor.impl.cpu;

import org.jspecify.annotations.NullMarked;
