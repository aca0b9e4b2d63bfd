// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.decode;

import java.util.List;

/// One row of `opcodes.txt`.
///
/// @param index its number in the table, from 0 on
/// @param mnemonic its name; `cc` stands for a condition
/// @param encoding how it is written
/// @param operands what it works on, at most three; the first is where the result goes
/// @param in64 whether 64-bit mode has it
/// @param in32 whether 32-bit mode has it
/// @param lockable whether it may have a LOCK prefix, with memory as its first operand
/// @param repeat what a REP prefix does to it
/// @param operandSize how its operand size comes about
/// @param sizeSuffix whether its name says the operand size
/// @param countedFlags whether flags depend on a count: a count of 0 changes none, and OF is
///   defined for a count of 1 only
/// @param unaligned whether 16 bytes of memory may be anywhere; otherwise they are aligned, or #GP
/// @param approximate whether its result is bounded, and not said: it is compared so
/// @param reads flags it reads, as bits of RFLAGS
/// @param writes flags it sets to something defined, as bits of RFLAGS
/// @param undefined flags that it may set to anything, as bits of RFLAGS
/// @param block how it ends a block
/// @param privilege the highest number of a privilege level that may use it
/// @param feature the CPUID feature that offers it, as Linux names it; empty if all have it
/// @param meaning what it does, for whoever carries it out
/// @param manual where the SDM describes it
public record Opcode(
        int index,
        String mnemonic,
        Encoding encoding,
        List<Operand> operands,
        boolean in64,
        boolean in32,
        boolean lockable,
        Repeat repeat,
        OperandSize operandSize,
        boolean sizeSuffix,
        boolean countedFlags,
        boolean unaligned,
        boolean approximate,
        int reads,
        int writes,
        int undefined,
        Block block,
        int privilege,
        String feature,
        String meaning,
        String manual) {

    /// What a REP prefix does.
    public enum Repeat {
        /// Nothing, or it chooses the row.
        NONE,
        /// It repeats until the count is 0.
        COUNT,
        /// It repeats until the count is 0, or ZF is not what the prefix says.
        COUNT_AND_ZERO
    }

    /// The operand size in 64-bit mode.
    public enum OperandSize {
        /// 4; 2 with prefix 66, 8 with REX.W.
        ORDINARY,
        /// 8; 2 with prefix 66.
        STACK,
        /// Always 8.
        NEAR_BRANCH
    }

    /// How an instruction ends a block of them.
    public enum Block {
        NEXT,
        /// Goes on behind it or elsewhere.
        BRANCH,
        JUMP,
        CALL,
        RETURN,
        /// Leaves the engine.
        EXIT
    }

    public Opcode {
        operands = List.copyOf(operands);
    }

    /// Unlike the mnemonic, no other row has it.
    public String id() {
        return mnemonic + " " + encoding.text();
    }

    /// The operand of that number.
    public Operand operand(final int number) {
        return operands.get(number);
    }
}
