// SPDX-License-Identifier: Apache-2.0

/// The hypervisor, written for speed.
///
/// It may not use the specification, and the specification may not use it: a shared constant shares
/// its mistake.
@NullMarked
package org.provisor.impl;

import org.jspecify.annotations.NullMarked;
