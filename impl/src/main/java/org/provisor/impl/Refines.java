// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Names the clauses of the specification that a method carries out.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Refines {

    /// Identifiers of clauses, for example `mm.page-type.get`.
    String[] value();
}
