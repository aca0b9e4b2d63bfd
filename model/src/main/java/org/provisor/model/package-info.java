// SPDX-License-Identifier: Apache-2.0

/// Between the relational models and the specification: instances of a model as machines.
@NullMarked
package org.provisor.model;

import org.jspecify.annotations.NullMarked;
