// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.smallworld;

import io.vavr.control.Option;

import org.provisor.spec.abi.Bytes;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.GuestBytes;
import org.provisor.spec.abi.Invocation;
import org.provisor.spec.state.VcpuId;
import org.provisor.spec.transition.Event;

import java.util.ArrayList;
import java.util.List;

/// Something that a vCPU can do: an event, and the structures that it points to.
///
/// @param kind what is counted together
/// @param by who does it
/// @param event what happens
/// @param open what Xen chooses besides preemption
/// @param text in words; `#3` stands for frame 3
/// @param memory structures in the caller's memory
record Action(Kind kind, VcpuId by, Event event, Open open, String text, List<Place> memory) {

    /// What is counted together.
    enum Kind {
        PIN("pin"),
        UNPIN("unpin"),
        NEW_BASEPTR("new_baseptr"),
        NEW_USER_BASEPTR("new_user_baseptr"),
        MMU_UPDATE("mmu_update"),
        MMU_UPDATE_FOREIGN("mmu_update, foreign"),
        FINISH("mmu_update of nothing"),
        CLEAR_PAGE("clear_page"),
        COPY_PAGE("copy_page"),
        INCREASE("increase_reservation"),
        DECREASE("decrease_reservation"),
        EXCHANGE("exchange"),
        CLAIM("claim_pages"),
        DESTROY("destroy"),
        ASSIST("vm_assist");

        private final String text;

        Kind(final String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /// What Xen chooses in an action besides where it is preempted.
    enum Open {
        /// Nothing.
        NOTHING,
        /// The frame that the control domain gets.
        FRAME_FOR_CONTROL,
        /// The frame that the guest gets.
        FRAME_FOR_GUEST,
        /// The frame that is got in exchange.
        FRAME_IN_EXCHANGE,
        /// The order in which the guest's frames are visited.
        ORDER
    }

    /// A structure at an address.
    record Place(long address, Option<GuestBytes> bytes) {

        static Place of(final GuestAddress at, final Bytes bytes) {
            return new Place(at.value(), Option.some(bytes));
        }
    }

    Action {
        memory = List.copyOf(memory);
    }

    static Action of(final Kind kind, final VcpuId by, final Invocation call, final String text) {
        return new Action(kind, by, new Event.Call(call), Open.NOTHING, text, List.of());
    }

    /// The same with a structure in memory.
    Action with(final GuestAddress at, final Bytes bytes) {
        final List<Place> more = new ArrayList<>(memory);
        more.add(Place.of(at, bytes));
        return new Action(kind, by, event, open, text, more);
    }

    /// The same with a choice of Xen's.
    Action choosing(final Open choice) {
        return new Action(kind, by, event, choice, text, memory);
    }

    /// The action in words, with the frames called as given.
    String text(final int[] names) {
        final StringBuilder said = new StringBuilder(by.toString()).append(": ");
        for (int at = 0; at < text.length(); at++) {
            if (text.charAt(at) == '#') {
                at++;
                said.append("mfn ").append(names[text.charAt(at) - '0']);
            } else {
                said.append(text.charAt(at));
            }
        }
        return said.toString();
    }
}
