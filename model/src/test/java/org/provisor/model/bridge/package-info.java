// SPDX-License-Identifier: Apache-2.0
/// Tests of the bridge.
@NullMarked
package org.provisor.model.bridge;

import org.jspecify.annotations.NullMarked;
