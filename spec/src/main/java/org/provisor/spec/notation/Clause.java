// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.notation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Names the requirement that a method states: area, subject, act, in dots and hyphens.
///
/// The same string stands at the Alloy predicate, at `@Refines` of the implementation, at the
/// property and in the evidence. It never changes its meaning; a changed rule gets a row in
/// `spec/CHANGES.md`.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Clause {

    /// The identifier, for example `mm.page-type.get`.
    String value();

    /// The rows of the clause's decision table, in the order that decides. The rule reports the row
    /// that decided by the same name; a test compares the two lists.
    String[] rows() default {};

    /// The rules of the reference list (`PG-1` to `SHR-1`) that the clause states.
    String[] covers() default {};
}
