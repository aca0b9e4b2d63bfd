// SPDX-License-Identifier: Apache-2.0
/// Worked examples: a machine, something that happens to it, and all that comes of it.
///
/// Each is run as a test and stands in the book beside the rule it belongs to. The classes are
/// named for the rules.
@NullMarked
package org.provisor.spec.example;

import org.jspecify.annotations.NullMarked;
