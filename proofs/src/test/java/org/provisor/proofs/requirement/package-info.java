// SPDX-License-Identifier: Apache-2.0

/// Tests of the requirements.
@NullMarked
package org.provisor.proofs.requirement;

import org.jspecify.annotations.NullMarked;
