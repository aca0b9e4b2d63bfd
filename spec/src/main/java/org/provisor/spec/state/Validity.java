// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.state;

/// Whether the contents of a frame satisfy its type.
///
/// @xen xen/arch/x86/include/asm/mm.h, PGT_validated, PGT_partial
public enum Validity {
    /// Nothing is known of the contents.
    UNCHECKED,

    /// Some entries are known to be good, see {@link Table#validated}.
    PARTIAL,

    /// The contents satisfy the type.
    VALIDATED
}
