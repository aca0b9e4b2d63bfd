// SPDX-License-Identifier: Apache-2.0
/// The specification in a browser: one takes a step and sees which row decided it. [Stepper] runs
/// there, [StepperScript] makes a script of it.
@NullMarked
package org.provisor.proofs.stepping;

import org.jspecify.annotations.NullMarked;
