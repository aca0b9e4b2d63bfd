// SPDX-License-Identifier: Apache-2.0
/// Text as it stands in a page.
@NullMarked
package org.provisor.proofs.html;

import org.jspecify.annotations.NullMarked;
