// SPDX-License-Identifier: Apache-2.0

@NullMarked
package org.provisor.proofs.members;

import org.jspecify.annotations.NullMarked;
