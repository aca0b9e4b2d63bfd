// SPDX-License-Identifier: Apache-2.0

/// Real Xen as what the specification is compared with: QEMU runs it, with a small kernel of ours
/// as domain 0, the probe, that does what it is told.
///
/// Host and probe talk through the machine's memory, which QEMU keeps in a file that both have
/// mapped. So the host also sees, without asking anybody, every frame, the machine-to-physical
/// table and Xen's own table of frames with its reference counts.
@NullMarked
package org.provisor.refine.xen;

import org.jspecify.annotations.NullMarked;
