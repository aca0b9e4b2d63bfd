// SPDX-License-Identifier: Apache-2.0

/// What the machine around a guest does for it.
@NullMarked
package org.provisor.impl.launch;

import org.jspecify.annotations.NullMarked;
