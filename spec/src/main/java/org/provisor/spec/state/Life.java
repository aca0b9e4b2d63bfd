// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.state;

/// Where a domain is in its life.
///
/// @xen xen/include/xen/sched.h, enum domain_dying, `is_dying`
public enum Life {
    ALIVE,

    /// It never runs again; its memory is being taken apart.
    DYING,

    /// Nothing of it is left but the frames that others still hold.
    DEAD
}
