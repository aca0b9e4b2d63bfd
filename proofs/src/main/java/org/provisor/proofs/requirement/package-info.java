// SPDX-License-Identifier: Apache-2.0
/// Requirements: needs and product requirements as written, software requirements read from the
/// specification's own source, never copied by hand; and what is traced to each.
@NullMarked
package org.provisor.proofs.requirement;

import org.jspecify.annotations.NullMarked;
