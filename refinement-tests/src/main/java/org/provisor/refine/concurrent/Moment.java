// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.concurrent;

/// How an element can be refused, or end otherwise, because another one holds something for a
/// moment. Each is a machine that is there within the other element, and that no order of whole
/// elements shows. Decision 0009 says why each of them is one.
///
/// An element is explained by a moment only if the other element was under way at the same time and
/// has to do with the same frame, and if the specification, on the machine of that moment, answers
/// and leaves exactly what was seen.
enum Moment {
    /// The frame, in use by nobody, is held to another type.
    BUSY,

    /// The frame is held as a page table of a level, checked and all: one in use by nobody, or once
    /// more one that is in use. A pin does so before it looks whether the frame is pinned.
    TYPED,

    /// The frame has a general reference more.
    REFERRED,

    /// The frame's last reference, which is its own or an exchange's, is dropped, and the frame is
    /// not free yet.
    LEFT,

    /// The table, which has no linear entries and is not led to by any, has one or is.
    LINEAR,

    /// The frame is being checked or taken apart, and the call is to be made again.
    WAITED,

    /// The tables on the way to an address changed more than once during the walk.
    WALKED
}
