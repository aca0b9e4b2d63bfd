// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.jit;

import org.objectweb.asm.Label;
import org.objectweb.asm.Opcodes;
import org.provisor.impl.cpu.Slots;
import org.provisor.impl.ir.MicroCode;
import org.provisor.impl.ir.MicroOps;

/// Writes what does many iterations of `rep movs` and `rep stos` at once, before the one that is
/// written as any other instruction is: what is left for that one may fault and write to code.
final class StringWriter {

    private static final int WIDE = 3;

    private final Bytecode code;

    StringWriter(final Bytecode code) {
        this.code = code;
    }

    /// Behind the look whether the count is 0.
    ///
    /// @param most how many instructions have to be left in the budget
    void bulk(final Insn insn, final int most) {
        long load = 0;
        long store = 0;
        int advances = 0;
        for (final long word : insn.words) {
            switch (MicroCode.op(word)) {
                case MicroOps.LOAD -> load = word;
                case MicroOps.STORE -> store = word;
                case MicroOps.ADVANCE -> advances++;
                case MicroOps.SUM -> {
                    // A segment with a base.
                    return;
                }
                default -> {}
            }
        }
        final long begin = insn.words[0];
        if (store == 0 || MicroCode.size(begin) != WIDE || advances != (load == 0 ? 1 : 2)) {
            return;
        }
        call(load != 0, MicroCode.size(store), most);
    }

    private void call(final boolean copies, final int size, final int most) {
        final Label none = new Label();
        code.constantObject(Bytecode.SERVICES);
        code.get(Slots.RDI);
        code.get(copies ? Slots.RSI : Slots.RAX);
        code.get(Slots.RCX);
        code.getInt(Bytecode.BUDGET);
        code.number(most);
        code.op(Opcodes.ISUB);
        code.number(size);
        code.getLong(Bytecode.RFLAGS);
        code.getLong(Bytecode.SPACE);
        code.service(copies ? "copy" : "fill", "(JJJIIJJ)I");
        code.op(Opcodes.DUP);
        code.putInt(Bytecode.INDEX);
        code.jump(Opcodes.IFEQ, none);
        code.getInt(Bytecode.BUDGET);
        code.getInt(Bytecode.INDEX);
        code.op(Opcodes.ISUB);
        code.putInt(Bytecode.BUDGET);
        move(Slots.RCX, 0, Opcodes.LSUB);
        move(Slots.RDI, size, Opcodes.LADD);
        if (copies) {
            move(Slots.RSI, size, Opcodes.LADD);
        }
        code.label(none);
    }

    private void move(final int slot, final int shift, final int opcode) {
        code.get(slot);
        code.getInt(Bytecode.INDEX);
        code.op(Opcodes.I2L);
        if (shift != 0) {
            code.number(shift);
            code.op(Opcodes.LSHL);
        }
        code.op(opcode);
        code.put(slot);
    }
}
