// SPDX-License-Identifier: Apache-2.0
/// Everything that can happen to a machine, and what comes of it.
@NullMarked
package org.provisor.spec.transition;

import org.jspecify.annotations.NullMarked;
