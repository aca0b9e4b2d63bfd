// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.ir;

import org.provisor.impl.cpu.Slots;
import org.provisor.impl.decode.Instruction;
import org.provisor.impl.decode.Opcode;
import org.provisor.impl.decode.OpcodeTable;
import org.provisor.impl.decode.Operand;

import java.util.List;

/// The x87 FPU: what its instructions are made of.
///
/// | meaning | rest of it |
/// |---|---|
/// | `x87` | operation, then how often the stack is popped, or a condition; `quiet`, `flags` |
/// | `x87_from` | format of memory, operation, pops |
/// | `x87_push` | format of memory |
/// | `x87_to` | format of memory, pops; `truncate` |
/// | `x87_control`, `x87_area` | operation |
///
/// Memory is looked at before the state changes, so that a page fault finds it as it was. What is
/// stored was loaded for writing.
final class X87Expander {

    private static final int NO_OPERATION = -1;

    private final Emitter emit;

    /// By row.
    private final int[] operations;

    private final int[] formats;
    private final int[] immediates;

    X87Expander(final Emitter emit, final OpcodeTable table) {
        this.emit = emit;
        final List<Opcode> rows = table.rows();
        operations = new int[rows.size()];
        formats = new int[rows.size()];
        immediates = new int[rows.size()];
    }

    static boolean is(final Meaning meaning) {
        return switch (meaning) {
            case X87, X87_FROM, X87_PUSH, X87_TO, X87_CONTROL, X87_AREA -> true;
            default -> false;
        };
    }

    /// Reads the rest of a meaning.
    ///
    /// @throws IllegalArgumentException if there is no such operation
    void enter(final int row, final Meaning meaning, final String[] words) {
        int at = 1;
        if (meaning == Meaning.X87_FROM
                || meaning == Meaning.X87_PUSH
                || meaning == Meaning.X87_TO) {
            formats[row] = X87Formats.named(words[at++]);
        }
        switch (meaning) {
            case X87_PUSH -> operations[row] = X87Ops.PUSH;
            case X87_TO -> operations[row] = X87Ops.CONVERT;
            default -> operations[row] = operation(words[at++]);
        }
        int number = 0;
        for (; at < words.length; at++) {
            switch (words[at]) {
                case "quiet" -> number |= X87Ops.QUIET;
                case "flags" -> number |= X87Ops.TO_FLAGS;
                case "truncate" -> number |= X87Ops.TRUNCATE;
                default -> {
                    final int value = Integer.parseInt(words[at]);
                    number |= operations[row] == X87Ops.CMOV ? value : value << X87Ops.POP_SHIFT;
                }
            }
        }
        immediates[row] = number;
    }

    private static int operation(final String name) {
        return switch (name) {
            case "wait", "stcw" -> NO_OPERATION;
            default -> X87Ops.named(name);
        };
    }

    void expand(final Instruction in, final Meaning meaning) {
        final int row = in.row().index();
        switch (meaning) {
            case X87_CONTROL -> control(in, operations[row]);
            case X87_AREA -> area(in, operations[row]);
            case X87 -> {
                ready(true);
                onStack(in, operations[row], immediates[row]);
                note(in);
            }
            default -> {
                ready(true);
                address(in);
                withMemory(in, operations[row], formats[row], immediates[row]);
                note(in);
            }
        }
    }

    /// @param waits whether an exception that waits is taken first
    private void ready(final boolean waits) {
        emit.immediate(X87Ops.READY, 0, 0, 0, waits ? 1 : 0);
    }

    /// The address without its segment's base too: the FPU notes that.
    private void address(final Instruction in) {
        emit.addressWithoutSegment(in, in.displacement());
        emit.move(3, Slots.T6, Slots.ADDRESS);
        emit.segment(in, Slots.ADDRESS);
    }

    private void note(final Instruction in) {
        final long opcode = (long) (in.row().encoding().opcode() & 7) << 8 | in.modRm();
        final long segment = in.isMemory() ? Emitter.segmentRegister(in) : 0;
        emit.immediate(
                X87Ops.NOTE,
                0,
                0,
                0,
                opcode | (in.isMemory() ? X87Ops.IN_MEMORY : 0) | segment << X87Ops.SEGMENT_SHIFT);
    }

    private void onStack(final Instruction in, final int op, final int number) {
        final int i = in.rm() & 7;
        if (op == X87Ops.CMOV) {
            emit.immediate(MicroOps.CONDITION, 3, Slots.T0, 0, number);
            emit.pair(op, X87Formats.REGISTER, 0, 0, 0, Slots.T0, i);
            return;
        }
        final List<Operand> operands = in.row().operands();
        final boolean toI = operands.size() == 2 && operands.getFirst().kind() == Operand.Kind.ST_I;
        emit.immediate(op, X87Formats.REGISTER, 0, 0, i | (toI ? X87Ops.TO_I : 0) | number);
    }

    private void withMemory(
            final Instruction in, final int op, final int format, final int number) {
        final int size = X87Formats.size(format);
        final boolean twice = X87Formats.isLong(format);
        if (twice) {
            emit.offset(3, Slots.T7, Slots.ADDRESS, Long.BYTES);
        }
        if (op != X87Ops.CONVERT) {
            emit.memory(in, MicroOps.LOAD, size, Slots.T0, 0);
            if (twice) {
                end(in, MicroOps.LOAD, Slots.T1, 0, 0);
            }
            emit.immediate(op, format, 0, Slots.T0, number);
            return;
        }
        emit.memory(in, MicroOps.LOAD_FOR_WRITE, size, Slots.T0, 0);
        if (twice) {
            end(in, MicroOps.LOAD_FOR_WRITE, Slots.T0, 0, 0);
        }
        emit.immediate(op, format, Slots.T0, 0, number);
        emit.compareAndStore(in, X87Ops.STORE_IF, size, Slots.T0, Slots.T2);
        if (twice) {
            end(in, X87Ops.STORE_IF, 0, Slots.T1, Slots.T2);
        }
        emit.pair(X87Ops.POP_IF, 0, 0, 0, 0, Slots.T2, number >> X87Ops.POP_SHIFT & 3);
    }

    /// The last 2 of 10 bytes.
    private void end(final Instruction in, final int op, final int d, final int b, final int c) {
        emit.narrowAt(in, op, d, Slots.T7, b, c);
    }

    private void control(final Instruction in, final int op) {
        final boolean waits = op == X87Ops.LDCW || in.row().meaning().endsWith("wait");
        ready(waits);
        if (in.isMemory()) {
            emit.address(in);
        }
        if (op == X87Ops.LDCW) {
            final int from = emit.read(in, in.row().operand(0), Slots.T0);
            emit.op(op, 0, 0, from, 0);
        } else if (op == X87Ops.STSW) {
            emit.op(op, 0, Slots.T0, 0, 0);
            emit.write(in, in.row().operand(0), Slots.T0);
        } else if (op != NO_OPERATION) {
            emit.op(op, 0, 0, 0, 0);
        } else if (!waits) {
            emit.write(in, in.row().operand(0), Slots.X87_CONTROL);
        }
    }

    private void area(final Instruction in, final int op) {
        ready(op == X87Ops.LDENV || op == X87Ops.RSTOR);
        emit.address(in);
        emit.memory(in, op, in.operandSize() == 2 ? 1 : 2, 0, 0);
    }
}
