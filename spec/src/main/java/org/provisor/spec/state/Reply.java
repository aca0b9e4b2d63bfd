// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.state;

import org.provisor.spec.abi.GuestAddress;

/// A value that the hypervisor writes into the caller's memory.
///
/// @param address linear address
/// @param bytes size: 4 or 8
/// @param value the value, zero-extended
public record Reply(GuestAddress address, int bytes, long value) {

    /// Whether it changes any of the `count` bytes from `linear` on.
    boolean reaches(GuestAddress linear, int count) {
        long behind = address.value() - linear.value();
        return behind < count && behind > -bytes;
    }
}
