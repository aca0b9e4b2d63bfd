// SPDX-License-Identifier: Apache-2.0
/// How the kernel of a 64-bit paravirtual guest is entered and left: what it registers for that by
/// calls, and what exceptions, system calls of user mode and events make of it.
///
/// A guest's kernel and its user mode both run at privilege level 3. Which of the two a vCPU is in,
/// Xen remembers; each has a root of its own and a base of GS.
@NullMarked
package org.provisor.spec.pv;

import org.jspecify.annotations.NullMarked;
