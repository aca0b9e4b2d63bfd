// SPDX-License-Identifier: Apache-2.0
/// What is run to certify: each activity, what it claims, and what came of it.
@NullMarked
package org.provisor.proofs.activity;

import org.jspecify.annotations.NullMarked;
