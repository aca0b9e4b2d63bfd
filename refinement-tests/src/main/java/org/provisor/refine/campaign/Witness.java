// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.campaign;

import org.provisor.refine.harness.Subject;

import java.util.function.Supplier;

/// Where a difference has to be seen once more before it counts.
///
/// @param name what it is, in words
/// @param subjects makes a subject that has run nothing before
public record Witness(String name, Supplier<? extends Subject> subjects) {}
