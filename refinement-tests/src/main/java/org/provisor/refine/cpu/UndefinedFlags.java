// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

import org.provisor.impl.cpu.Rflags;
import org.provisor.impl.decode.Instruction;
import org.provisor.impl.decode.Opcode;
import org.provisor.impl.decode.Operand;

/// Which flags nobody can know after some instructions, by the table and by what a count was.
final class UndefinedFlags {

    private int undefined;

    void clear() {
        undefined = 0;
    }

    /// As bits of RFLAGS.
    int undefined() {
        return undefined;
    }

    /// After an instruction.
    ///
    /// @param rcx as it was before
    /// @return whether what it did can be known: that it read no such flag, and that its result is
    ///   defined
    boolean after(final Instruction in, final long rcx) {
        final Opcode row = in.row();
        if ((reads(in) & undefined) != 0) {
            return false;
        }
        if (row.countedFlags()) {
            return counted(in, rcx);
        }
        if (in.repeat() != 0 && row.repeat() != Opcode.Repeat.NONE) {
            final long mask = -1L >>> (64 - 8 * in.addressSize());
            if ((rcx & mask) == 0) {
                return true;
            }
        }
        undefined = (undefined & ~row.writes()) | row.undefined();
        return !(row.mnemonic().equals("bswap") && in.operandSize() == 2);
    }

    private static int reads(final Instruction in) {
        if (!in.row().mnemonic().endsWith("cc")) {
            return in.row().reads();
        }
        return switch (in.condition() >> 1) {
            case 0 -> Rflags.OF;
            case 1 -> Rflags.CF;
            case 2 -> Rflags.ZF;
            case 3 -> Rflags.CF | Rflags.ZF;
            case 4 -> Rflags.SF;
            case 5 -> Rflags.PF;
            case 6 -> Rflags.SF | Rflags.OF;
            default -> Rflags.SF | Rflags.OF | Rflags.ZF;
        };
    }

    private boolean counted(final Instruction in, final long rcx) {
        final Opcode row = in.row();
        final int bytes = in.bytes(row.operand(0));
        final int count = count(in, rcx) & (bytes == 8 ? 63 : 31);
        if (count == 0) {
            return true;
        }
        int unknown = row.undefined();
        if (count != 1) {
            unknown |= Rflags.OF;
        }
        if (count >= 8 * bytes && row.meaning().startsWith("shift sh")) {
            unknown |= Rflags.CF;
        }
        undefined = (undefined & ~row.writes()) | unknown;
        return !(row.meaning().startsWith("double_shift") && count > 8 * bytes);
    }

    private static int count(final Instruction in, final long rcx) {
        final Operand last = in.row().operands().getLast();
        return switch (last.kind()) {
            case ONE -> 1;
            case CL -> (int) rcx & 0xff;
            default -> (int) in.immediate();
        };
    }
}
