// SPDX-License-Identifier: Apache-2.0
/// Core invariants for any number of frames and domains: each transition of the core of memory
/// management keeps them, as two SMT solvers say.
@NullMarked
package org.provisor.proofs.smt;

import org.jspecify.annotations.NullMarked;
