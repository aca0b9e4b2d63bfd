// SPDX-License-Identifier: Apache-2.0

/// Memory management of paravirtual guests: what each machine frame is, who refers to it, and all
/// calls that change page tables, descriptor tables and the memory a domain has.
///
/// vCPUs call in from several threads at once. The words of [org.provisor.impl.mm.FrameTable]
/// change by compare-and-exchange; a thread that checks a frame's contents or takes them apart has
/// the frame to itself; a frame's lock keeps others from the entries of a table; a domain's totals
/// have a lock of their own. Nothing is allocated on the heap between entry and exit of a call.
@NullMarked
package org.provisor.impl.mm;

import org.jspecify.annotations.NullMarked;
