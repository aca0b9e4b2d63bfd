// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.state;

/// The registers of a vCPU that entering and leaving its kernel is about.
///
/// @param cs 16 bits
/// @param ss 16 bits
public record GuestRegisters(
        long rax, long rcx, long r11, long rip, int cs, long rflags, long rsp, int ss) {

    @Override
    public String toString() {
        return "rax "
                + Long.toHexString(rax)
                + " rcx "
                + Long.toHexString(rcx)
                + " r11 "
                + Long.toHexString(r11)
                + " rip "
                + Long.toHexString(rip)
                + " cs "
                + Integer.toHexString(cs)
                + " rflags "
                + Long.toHexString(rflags)
                + " rsp "
                + Long.toHexString(rsp)
                + " ss "
                + Integer.toHexString(ss);
    }
}
