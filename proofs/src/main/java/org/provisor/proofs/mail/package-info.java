// SPDX-License-Identifier: Apache-2.0

/// Numbers and texts as bytes, for what is sent from one machine to another.
@NullMarked
package org.provisor.proofs.mail;

import org.jspecify.annotations.NullMarked;
