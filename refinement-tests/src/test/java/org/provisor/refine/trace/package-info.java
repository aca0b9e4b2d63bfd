// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.provisor.refine.trace;

import org.jspecify.annotations.NullMarked;
