// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.provisor.refine.harness;

import org.jspecify.annotations.NullMarked;
