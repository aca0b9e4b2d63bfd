// SPDX-License-Identifier: Apache-2.0

/// Tests of what is run to certify.
@NullMarked
package org.provisor.proofs.activity;

import org.jspecify.annotations.NullMarked;
