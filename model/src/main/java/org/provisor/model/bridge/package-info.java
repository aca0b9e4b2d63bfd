// SPDX-License-Identifier: Apache-2.0

/// The bridge between the relational models and the specification. States and calls of a model are
/// turned into machines and hypercalls, and back; what the one does is compared with what the other
/// says.
@NullMarked
package org.provisor.model.bridge;

import org.jspecify.annotations.NullMarked;
