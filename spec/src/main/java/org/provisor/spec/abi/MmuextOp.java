// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

import io.vavr.control.Option;

/// `struct mmuext_op`: one operation of `mmuext_op`.
///
/// `arg1` and `arg2` are unions, kept here as the word that stands in memory; the command decides
/// which member is meant:
///
/// | commands                                         | `arg1`        | `arg2`     |
/// |--------------------------------------------------|---------------|------------|
/// | (un)pin, base pointers, clear, (un)mark super    | `mfn`         |            |
/// | copy                                             | `mfn`         | `src_mfn`  |
/// | `INVLPG_LOCAL`, `INVLPG_ALL`                     | `linear_addr` |            |
/// | `INVLPG_MULTI`                                   | `linear_addr` | `vcpumask` |
/// | `TLB_FLUSH_MULTI`                                |               | `vcpumask` |
/// | `SET_LDT`                                        | `linear_addr` | `nr_ents`  |
///
/// @xen xen/include/public/xen.h, struct mmuext_op
public record MmuextOp(long cmd, long arg1, long arg2) {

    /// Where the fields are.
    public static final Layout LAYOUT =
            Layout.of("struct mmuext_op", 24, 12)
                    .field("cmd", FieldKind.U32, 0, 0)
                    .field("arg1.mfn", FieldKind.WORD, 8, 4)
                    .field("arg1.linear_addr", FieldKind.WORD, 8, 4)
                    .field("arg2.nr_ents", FieldKind.U32, 16, 8)
                    .field("arg2.vcpumask", FieldKind.HANDLE, 16, 8)
                    .field("arg2.src_mfn", FieldKind.WORD, 16, 8);

    /// An operation without a second argument.
    public static MmuextOp of(MmuextCommand command, long arg1) {
        return new MmuextOp(command.number(), arg1, 0);
    }

    /// An operation with both arguments.
    public static MmuextOp of(MmuextCommand command, long arg1, long arg2) {
        return new MmuextOp(command.number(), arg1, arg2);
    }

    /// Reads what a guest wrote.
    public static MmuextOp fromBytes(GuestBytes bytes, long at, Bitness bitness) {
        var s = LAYOUT.read(bytes, at, bitness);
        return new MmuextOp(s.get("cmd"), s.get("arg1.mfn"), s.get("arg2.src_mfn"));
    }

    /// `before` with all fields replaced.
    public Struct into(Struct before) {
        return before.with("cmd", cmd).with("arg1.mfn", arg1).with("arg2.src_mfn", arg2);
    }

    /// What a guest writes.
    public Bytes toBytes(Bitness bitness) {
        return into(LAYOUT.blank(bitness)).bytes();
    }

    /// The command, if there is one with this number.
    public Option<MmuextCommand> command() {
        return MmuextCommand.of(cmd);
    }

    /// The first argument as a frame.
    public Mfn mfn() {
        return new Mfn(arg1);
    }

    /// The first argument as an address.
    public GuestAddress linearAddr() {
        return new GuestAddress(arg1);
    }

    /// The second argument as a number of descriptors, 32 bits.
    public long nrEnts() {
        return arg2 & 0xFFFF_FFFFL;
    }

    /// The second argument as the address of a [VcpuMask].
    public GuestAddress vcpumask() {
        return new GuestAddress(arg2);
    }

    /// The second argument as a frame.
    public Mfn srcMfn() {
        return new Mfn(arg2);
    }
}
