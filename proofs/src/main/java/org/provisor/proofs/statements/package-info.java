// SPDX-License-Identifier: Apache-2.0

/// Which lines and branches of rules and implementation are executed.
@NullMarked
package org.provisor.proofs.statements;

import org.jspecify.annotations.NullMarked;
