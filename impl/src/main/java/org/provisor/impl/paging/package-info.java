// SPDX-License-Identifier: Apache-2.0

/// From a guest's addresses to the machine's.
@NullMarked
package org.provisor.impl.paging;

import org.jspecify.annotations.NullMarked;
