// SPDX-License-Identifier: Apache-2.0

/// Tests of the relational models and of their bridge.
@NullMarked
package org.provisor.model;

import org.jspecify.annotations.NullMarked;
