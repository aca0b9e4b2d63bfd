// SPDX-License-Identifier: Apache-2.0
/// How the specification is written: names for requirements, and the rows that decide.
///
/// Nothing here knows what Xen is.
@NullMarked
package org.provisor.spec.notation;

import org.jspecify.annotations.NullMarked;
