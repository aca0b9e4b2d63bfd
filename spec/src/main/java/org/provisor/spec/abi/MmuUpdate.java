// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

import io.vavr.control.Option;

/// `struct mmu_update`: one request of `mmu_update`.
///
/// The low three bits of `ptr` are the command, although the header gives it two: 4 to 7 are
/// unknown commands and not the first four with an odd address.
///
/// @xen xen/include/public/xen.h, struct mmu_update
/// @xen xen/arch/x86/mm.c, do_mmu_update, "cmd = req.ptr"
public record MmuUpdate(long ptr, long val) {

    /// Where the fields are.
    public static final Layout LAYOUT =
            Layout.of("struct mmu_update", 16, 16)
                    .field("ptr", FieldKind.U64, 0, 0)
                    .field("val", FieldKind.U64, 8, 8);

    private static final long COMMAND_MASK = 7;

    /// The request of `command` for the entry at `address`, which is a multiple of 8.
    public static MmuUpdate of(MmuCommand command, MachineAddress address, long val) {
        return new MmuUpdate(address.value() | command.number(), val);
    }

    /// Reads what a guest wrote.
    public static MmuUpdate fromBytes(GuestBytes bytes, long at, Bitness bitness) {
        var s = LAYOUT.read(bytes, at, bitness);
        return new MmuUpdate(s.get("ptr"), s.get("val"));
    }

    /// `before` with all fields replaced.
    public Struct into(Struct before) {
        return before.with("ptr", ptr).with("val", val);
    }

    /// What a guest writes.
    public Bytes toBytes(Bitness bitness) {
        return into(LAYOUT.blank(bitness)).bytes();
    }

    /// The number of the command, 0 to 7.
    public int commandNumber() {
        return (int) (ptr & COMMAND_MASK);
    }

    /// The command, if there is one with this number.
    public Option<MmuCommand> command() {
        return MmuCommand.of(commandNumber());
    }

    /// The machine address that the request is about.
    public MachineAddress address() {
        return new MachineAddress(ptr & ~COMMAND_MASK);
    }
}
