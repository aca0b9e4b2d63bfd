// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.provisor.refine.bench;

import org.jspecify.annotations.NullMarked;
