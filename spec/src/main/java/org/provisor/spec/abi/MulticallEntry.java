// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

import io.vavr.collection.Vector;

/// `struct multicall_entry`: one call of a multicall, its six arguments and its result.
///
/// @xen xen/include/public/xen.h, struct multicall_entry
public record MulticallEntry(long op, long result, Vector<Long> args) {

    /// Arguments in an entry; calls use the first five.
    public static final int ARGS = 6;

    /// Where the fields are.
    public static final Layout LAYOUT =
            Layout.of("struct multicall_entry", 64, 32)
                    .field("op", FieldKind.WORD, 0, 0)
                    .field("result", FieldKind.WORD, 8, 4)
                    .field("args[0]", FieldKind.WORD, 16, 8)
                    .field("args[1]", FieldKind.WORD, 24, 12)
                    .field("args[2]", FieldKind.WORD, 32, 16)
                    .field("args[3]", FieldKind.WORD, 40, 20)
                    .field("args[4]", FieldKind.WORD, 48, 24)
                    .field("args[5]", FieldKind.WORD, 56, 28);

    /// Reads what a guest wrote.
    public static MulticallEntry fromBytes(GuestBytes bytes, long at, Bitness bitness) {
        var s = LAYOUT.read(bytes, at, bitness);
        var args = Vector.<Long>empty();
        for (int i = 0; i < ARGS; i++) {
            args = args.append(s.get("args[" + i + "]"));
        }
        return new MulticallEntry(s.get("op"), s.get("result"), args);
    }

    /// `before` with all fields replaced.
    public Struct into(Struct before) {
        var s = before.with("op", op).with("result", result);
        for (int i = 0; i < ARGS; i++) {
            s = s.with("args[" + i + "]", args.get(i));
        }
        return s;
    }

    /// What a guest writes.
    public Bytes toBytes(Bitness bitness) {
        return into(LAYOUT.blank(bitness)).bytes();
    }
}
