// SPDX-License-Identifier: Apache-2.0
/// The calls of a guest, each to the rule that says what it does.
@NullMarked
package org.provisor.spec.hypercall;

import org.jspecify.annotations.NullMarked;
