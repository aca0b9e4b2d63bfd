// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// A property of one clause, which its label names. The campaign's own shrinking makes a program
/// small; a smaller seed would be another program.
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Property(
        tries = ClauseProperty.TRIES,
        shrinking = ShrinkingMode.OFF,
        edgeCases = EdgeCasesMode.NONE)
@interface ClauseProperty {

    /// How many programs are tried.
    int TRIES = 12;
}
