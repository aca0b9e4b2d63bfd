// SPDX-License-Identifier: Apache-2.0
/// All state there is: one immutable {@link org.provisor.spec.state.Machine} and the records in it.
///
/// Two machines with the same contents are equal. Contents are kept of frames whose meaning is the
/// hypervisor's (page tables, descriptor tables); what a guest may write freely is an input of the
/// step, {@link org.provisor.spec.state.GuestView}.
@NullMarked
package org.provisor.spec.state;

import org.jspecify.annotations.NullMarked;
