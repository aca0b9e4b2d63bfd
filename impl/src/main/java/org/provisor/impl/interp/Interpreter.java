// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.interp;

import org.provisor.impl.cpu.Breakpoints;
import org.provisor.impl.cpu.CpuFault;
import org.provisor.impl.cpu.CpuFeatures;
import org.provisor.impl.cpu.CpuState;
import org.provisor.impl.cpu.Engine;
import org.provisor.impl.cpu.Exits;
import org.provisor.impl.cpu.LinearMemory;
import org.provisor.impl.cpu.Mxcsr;
import org.provisor.impl.cpu.Rflags;
import org.provisor.impl.cpu.SegmentRegisters;
import org.provisor.impl.cpu.Slots;
import org.provisor.impl.cpu.Vectors;
import org.provisor.impl.cpu.X87;
import org.provisor.impl.decode.CodeMode;
import org.provisor.impl.decode.Decoder;
import org.provisor.impl.decode.Instruction;
import org.provisor.impl.decode.OpcodeTable;
import org.provisor.impl.decode.Operand;
import org.provisor.impl.ir.Decimal;
import org.provisor.impl.ir.Expander;
import org.provisor.impl.ir.Floats;
import org.provisor.impl.ir.FxArea;
import org.provisor.impl.ir.Lanes;
import org.provisor.impl.ir.MicroCode;
import org.provisor.impl.ir.MicroOps;
import org.provisor.impl.ir.Pairs;
import org.provisor.impl.ir.Products;
import org.provisor.impl.ir.SegmentOps;
import org.provisor.impl.ir.Segments;
import org.provisor.impl.ir.Semantics;
import org.provisor.impl.ir.SimdOps;
import org.provisor.impl.ir.Strings;
import org.provisor.impl.ir.Widths;
import org.provisor.impl.ir.X87Areas;
import org.provisor.impl.ir.X87Ops;
import org.provisor.impl.ir.X87Unit;
import org.provisor.impl.ir.XsaveArea;

import java.lang.invoke.VarHandle;

/// Decodes each instruction anew and carries out its micro-operations. One thread uses it at a
/// time; it allocates nothing.
///
/// Tests derive from it, to put errors around [#step].
///
/// Not here yet: the interrupt shadow of `sti`.
public class Interpreter implements Engine {

    /// The instruction is done.
    private static final int DONE = -1;

    /// Another processor was first: the instruction starts again.
    private static final int AGAIN = -2;

    /// What `popf` may change at any level.
    private static final int POPF_ANY =
            Rflags.STATUS | Rflags.TF | Rflags.DF | Rflags.NT | Rflags.AC | Rflags.ID;

    private static final long OFFSET = 0xFFFF_FFFFL;

    private final Decoder decoder;
    private final Decoder decoder32;
    private final Expander expander;
    private final Instruction instruction = new Instruction();
    private final byte[] bytes = new byte[Decoder.MAX_LENGTH];

    private final X87Unit x87 = new X87Unit();

    private long carriedOut;
    private long operand;

    public Interpreter() {
        this(
                Decoder.standard(),
                Decoder.standard(CodeMode.BITS_32),
                new Expander(OpcodeTable.standard()));
    }

    /// One that goes by another table.
    public Interpreter(final OpcodeTable table) {
        this(new Decoder(table), new Decoder(table, CodeMode.BITS_32), new Expander(table));
    }

    /// One that has what these features offer; all else is #UD.
    public Interpreter(final CpuFeatures features) {
        this(
                Decoder.of(features, CodeMode.BITS_64),
                Decoder.of(features, CodeMode.BITS_32),
                new Expander(OpcodeTable.standard()));
    }

    private Interpreter(final Decoder decoder, final Decoder decoder32, final Expander expander) {
        this.decoder = decoder;
        this.decoder32 = decoder32;
        this.expander = expander;
    }

    @Override
    public int run(final CpuState state, final LinearMemory memory, final long limit) {
        carriedOut = 0;
        while (carriedOut < limit) {
            final int exit = step(state, memory);
            if (exit != Exits.LIMIT) {
                return exit;
            }
            carriedOut++;
        }
        return Exits.LIMIT;
    }

    @Override
    public long carriedOut() {
        return carriedOut;
    }

    @Override
    public long operand() {
        return operand;
    }

    /// The instruction that was decoded last.
    public Instruction instruction() {
        return instruction;
    }

    /// Carries out one instruction.
    ///
    /// @return [Exits#LIMIT] if nothing special happened
    public int step(final CpuState state, final LinearMemory memory) {
        return state.traced() ? tracedStep(state, memory) : plainStep(state, memory);
    }

    /// With breakpoints, or by single steps. Behind a load of SS what was met waits for the next
    /// instruction; it is lost with one that leaves.
    ///
    /// @sdm 3B, "Debug Exceptions"; 3A, "Masking Exceptions and Interrupts When Switching Stacks"
    private int tracedStep(final CpuState state, final LinearMemory memory) {
        final long[] slots = state.slots();
        final Breakpoints breakpoints = state.breakpoints();
        final int before = (int) slots[Slots.RFLAGS];
        if ((before & Rflags.RF) == 0 && breakpoints.executes(state.segments().codeAddress())) {
            state.fault().of(Vectors.DB);
            return Exits.EXCEPTION;
        }
        final int exit = plainStep(state, breakpoints.armed() ? breakpoints.watch(memory) : memory);
        if (exit != Exits.LIMIT) {
            breakpoints.take();
            return exit;
        }
        final String meaning = instruction.row().meaning();
        if (!meaning.equals("iret")) {
            slots[Slots.RFLAGS] &= ~Rflags.RF;
        }
        if (loadsStack(meaning)) {
            return exit;
        }
        if ((before & Rflags.TF) != 0) {
            breakpoints.step();
        }
        return breakpoints.hasMet() ? Exits.DEBUG_TRAP : exit;
    }

    private boolean loadsStack(final String meaning) {
        return switch (meaning) {
            case "segment_to" -> instruction.reg() % 8 == Segments.SS;
            case "segment_pop" -> instruction.row().operand(0).kind() == Operand.Kind.SS;
            default -> false;
        };
    }

    private int plainStep(final CpuState state, final LinearMemory memory) {
        try {
            final long[] slots = state.slots();
            if (state.segments().isCompatible()) {
                decode32(state, memory);
                slots[Slots.NEXT] = (slots[Slots.RIP] + instruction.length()) & OFFSET;
            } else {
                decode(state, memory);
                slots[Slots.NEXT] = slots[Slots.RIP] + instruction.length();
            }
            final MicroCode code = expander.expand(instruction);
            int exit = execute(code, state, memory);
            while (exit == AGAIN) {
                Thread.onSpinWait();
                exit = execute(code, state, memory);
            }
            if (exit == DONE) {
                slots[Slots.RIP] = slots[Slots.NEXT];
                return Exits.LIMIT;
            }
            if (exit >= Exits.BREAKPOINT && exit <= Exits.HALT) {
                slots[Slots.RIP] = slots[Slots.NEXT];
            }
            return exit;
        } catch (final CpuFault _) {
            return Exits.EXCEPTION;
        }
    }

    private void decode(final CpuState state, final LinearMemory memory) {
        final long rip = state.get(Slots.RIP);
        final int available = memory.fetch(rip, bytes);
        switch (decoder.decode(bytes, 0, available, instruction)) {
            case Decoder.TRUNCATED -> throw memory.fetchFault(rip + available);
            case Decoder.INVALID -> throw state.fault().of(Vectors.UD);
            case Decoder.TOO_LONG -> throw state.fault().of(Vectors.GP, 0);
            default -> {}
        }
    }

    /// In compatibility mode, where a code segment has a base and a limit.
    private void decode32(final CpuState state, final LinearMemory memory) {
        final SegmentRegisters segments = state.segments();
        final long at = segments.codeAddress();
        final long inside = segments.codeBytes(state.get(Slots.RIP));
        if (inside <= 0) {
            throw state.fault().of(Vectors.GP, 0);
        }
        final int fetched = memory.fetch(at, bytes);
        final int available = (int) Math.min(fetched, inside);
        switch (decoder32.decode(bytes, 0, available, instruction)) {
            case Decoder.TRUNCATED ->
                    throw available < fetched
                            ? state.fault().of(Vectors.GP, 0)
                            : memory.fetchFault((at + fetched) & OFFSET);
            case Decoder.INVALID -> throw state.fault().of(Vectors.UD);
            case Decoder.TOO_LONG -> throw state.fault().of(Vectors.GP, 0);
            default -> {}
        }
        instruction.setStackSize(segments.stackSize());
    }

    private int execute(final MicroCode code, final CpuState state, final LinearMemory memory) {
        final long[] slots = state.slots();
        final int count = code.count();
        for (int i = 0; i < count; i++) {
            final long word = code.word(i);
            final int op = MicroCode.op(word);
            if (MicroOps.isValue(op)) {
                value(word, op, code.immediate(i), slots);
                continue;
            }
            if (op >= X87Ops.FIRST) {
                x87(word, op, code.immediate(i), state, memory);
                continue;
            }
            if (op >= SimdOps.FIRST) {
                simd(word, op, code.immediate(i), state, memory);
                continue;
            }
            if (op == SegmentOps.FAR_PUSH) {
                pushFar(word, state, memory);
                continue;
            }
            if (op == SegmentOps.INSIDE) {
                final boolean stores = MicroCode.d(word) != 0;
                linear(word, slots[MicroCode.a(word)], (int) code.immediate(i), stores, state);
                continue;
            }
            if (op >= SegmentOps.FIRST) {
                if (!Segments.carryOut(state, word, code.immediate(i))) {
                    return Exits.UNSUPPORTED;
                }
                continue;
            }
            final int exit = other(word, op, code.immediate(i), state, memory);
            if (exit != DONE) {
                return exit == Exits.LIMIT ? DONE : exit;
            }
        }
        return DONE;
    }

    private static void value(
            final long word, final int op, final long immediate, final long[] slots) {
        final int size = MicroCode.size(word);
        final int d = MicroCode.d(word);
        final long a = slots[MicroCode.a(word)];
        final long b = slots[MicroCode.b(word)];
        final int number = MicroCode.c(word);
        final long c = op == MicroOps.ADDRESS ? number : slots[number];
        final int flags = (int) slots[Slots.RFLAGS];
        final long result = Semantics.value(op, size, a, b, c, immediate, flags);
        slots[d] = Widths.merge(MicroOps.written(op, size), slots[d], result);
        if ((word & MicroCode.FLAGS) != 0) {
            setFlags(slots, Semantics.flags(op, size, a, b, c, result, flags));
        }
    }

    private void x87(
            final long word,
            final int op,
            final long immediate,
            final CpuState state,
            final LinearMemory memory) {
        final long[] slots = state.slots();
        final long address = slots[MicroCode.a(word)];
        final int size = MicroCode.size(word);
        final boolean narrow = size == 1;
        switch (op) {
            case X87Ops.READY -> {
                if (slots[Slots.TASK_SWITCHED] != 0) {
                    throw state.fault().of(Vectors.NM);
                }
                if (immediate != 0 && X87.isPending(slots)) {
                    throw state.fault().of(Vectors.MF);
                }
            }
            case X87Ops.STORE_IF -> {
                if (slots[MicroCode.c(word)] != 0) {
                    final long at = linear(word, address, 1 << size, true, state);
                    memory.store(at, 1 << size, slots[MicroCode.b(word)]);
                }
            }
            case X87Ops.STENV, X87Ops.LDENV, X87Ops.SAVE, X87Ops.RSTOR -> {
                final boolean all = op == X87Ops.SAVE || op == X87Ops.RSTOR;
                final boolean stores = op == X87Ops.STENV || op == X87Ops.SAVE;
                final int bytes = all ? X87Areas.bytes(narrow) : X87Areas.environmentBytes(narrow);
                final long at = reach(word, address, bytes, narrow ? 2 : 4, stores, state, memory);
                X87Areas.execute(op, slots, memory, at, narrow);
            }
            default -> x87.execute(word, immediate, slots);
        }
    }

    /// Faults if an area cannot be accessed: for its first word, then for its last byte.
    ///
    /// @return its linear address
    private static long reach(
            final long word,
            final long address,
            final int bytes,
            final int first,
            final boolean stores,
            final CpuState state,
            final LinearMemory memory) {
        final long last = address + bytes - 1;
        final long at = linear(word, address, first, stores, state);
        touch(at, first, stores, memory);
        touch(linear(word, last, 1, stores, state), 1, stores, memory);
        return at;
    }

    private static void touch(
            final long address, final int bytes, final boolean stores, final LinearMemory memory) {
        if (stores) {
            memory.loadForWrite(address, bytes);
        } else {
            memory.load(address, bytes);
        }
    }

    private static void simd(
            final long word,
            final int op,
            final long immediate,
            final CpuState state,
            final LinearMemory memory) {
        final long[] slots = state.slots();
        final int size = MicroCode.size(word);
        final int d = MicroCode.d(word);
        final int a = MicroCode.a(word);
        final int b = MicroCode.b(word);
        if (op < SimdOps.FIRST_PAIR) {
            slots[d] = Lanes.value(op, size, slots[a], slots[b], immediate);
        } else if (op < SimdOps.FIRST_FLOAT) {
            pair(word, op, immediate, slots);
        } else if (op < SimdOps.FIRST_OTHER) {
            final int mxcsr = (int) slots[Slots.MXCSR];
            slots[d] = Floats.value(op, size, slots[a], slots[b], immediate, mxcsr, slots);
        } else {
            otherSimd(word, op, immediate, state, memory);
        }
    }

    private static void pair(
            final long word, final int op, final long immediate, final long[] slots) {
        final int size = MicroCode.size(word);
        final int d = MicroCode.d(word);
        final int c = MicroCode.c(word);
        final long aLow = slots[MicroCode.a(word)];
        final long aHigh = slots[MicroCode.a(word) + 1];
        final long bLow = slots[MicroCode.b(word)];
        final long bHigh = slots[MicroCode.b(word) + 1];
        final long low = Pairs.half(op, size, 0, aLow, aHigh, bLow, bHigh, slots[c], immediate);
        slots[d + 1] = Pairs.half(op, size, 1, aLow, aHigh, bLow, bHigh, slots[c + 1], immediate);
        slots[d] = low;
    }

    private static void otherSimd(
            final long word,
            final int op,
            final long immediate,
            final CpuState state,
            final LinearMemory memory) {
        final long[] slots = state.slots();
        final int d = MicroCode.d(word);
        final int a = MicroCode.a(word);
        final int b = MicroCode.b(word);
        switch (op) {
            case SimdOps.AVAILABLE -> {
                if (slots[Slots.TASK_SWITCHED] != 0) {
                    throw state.fault().of(Vectors.NM);
                }
            }
            case SimdOps.RAISE -> {
                if (slots[Slots.RAISED] != 0 && Floats.note(slots)) {
                    throw state.fault().of(Vectors.XM);
                }
            }
            case SimdOps.LDMXCSR -> {
                final long mxcsr = slots[a] & 0xffffffffL;
                if ((mxcsr & ~(long) Mxcsr.ALL) != 0) {
                    throw state.fault().of(Vectors.GP, 0);
                }
                slots[Slots.MXCSR] = mxcsr;
            }
            case SimdOps.MOVMSK ->
                    slots[d] = Pairs.movmsk(MicroCode.size(word), slots[a], slots[a + 1]);
            case SimdOps.PTEST ->
                    slots[d] = Pairs.ptest(slots[a], slots[a + 1], slots[b], slots[b + 1]);
            case SimdOps.STRINGS -> strings(word, (int) immediate, slots);
            case SimdOps.STORE_MASKED -> storeMasked(word, state, memory);
            case SimdOps.FXSAVE -> {
                final long at = checkFxArea(word, slots[a], true, state, memory);
                FxArea.save(slots, memory, at, MicroCode.size(word));
            }
            case SimdOps.FXRSTOR -> {
                final long at = checkFxArea(word, slots[a], false, state, memory);
                if (!FxArea.restore(slots, memory, at, MicroCode.size(word))) {
                    throw state.fault().of(Vectors.GP, 0);
                }
            }
            case SimdOps.XSAVE, SimdOps.XSAVEOPT, SimdOps.XRSTOR ->
                    extended(word, op, state, memory);
            case SimdOps.XGETBV -> {
                if ((slots[Slots.RCX] & OFFSET) != 0) {
                    throw state.fault().of(Vectors.GP, 0);
                }
                slots[Slots.RAX] = state.xcr0() & OFFSET;
                slots[Slots.RDX] = state.xcr0() >>> Integer.SIZE;
            }
            default -> throw new IllegalStateException(MicroOps.name(op));
        }
    }

    private static void extended(
            final long word, final int op, final CpuState state, final LinearMemory memory) {
        final long[] slots = state.slots();
        final boolean stores = op != SimdOps.XRSTOR;
        final long at = checkExtendedArea(word, slots[MicroCode.a(word)], stores, state, memory);
        final long asked = slots[Slots.RDX] << Integer.SIZE | (slots[Slots.RAX] & OFFSET);
        final long wanted = asked & state.xcr0();
        final int kind = MicroCode.size(word);
        if (stores) {
            XsaveArea.save(slots, memory, at, kind, wanted, op == SimdOps.XSAVEOPT);
        } else if (!XsaveArea.restore(slots, memory, at, kind, wanted, state.xcr0())) {
            throw state.fault().of(Vectors.GP, 0);
        }
    }

    /// Whether it is aligned comes first; then its first byte; then its last, or the header if it
    /// is read.
    ///
    /// @return its linear address
    private static long checkExtendedArea(
            final long word,
            final long address,
            final boolean stores,
            final CpuState state,
            final LinearMemory memory) {
        if (address % XsaveArea.ALIGNMENT != 0) {
            throw state.fault().of(Vectors.GP, 0);
        }
        final long at = linear(word, address, 1, stores, state);
        touch(at, 1, stores, memory);
        final long behind = address + (stores ? XsaveArea.BYTES - 1 : XsaveArea.HEADER);
        final long last = MicroCode.segment(word) < 0 ? behind : behind & OFFSET;
        touch(linear(word, last, 1, stores, state), 1, stores, memory);
        return at;
    }

    /// The last byte may be behind the end of 4 GiB, where offsets begin again.
    ///
    /// @return its linear address
    private static long checkFxArea(
            final long word,
            final long address,
            final boolean stores,
            final CpuState state,
            final LinearMemory memory) {
        final long at = linear(word, address, FxArea.FIRST_BYTES, stores, state);
        if (address % FxArea.ALIGNMENT != 0) {
            throw state.fault().of(Vectors.GP, 0);
        }
        final long behind = address + FxArea.BYTES - 1;
        final long last = MicroCode.segment(word) < 0 ? behind : behind & OFFSET;
        touch(linear(word, last, 1, stores, state), 1, stores, memory);
        touch(at, 1, stores, memory);
        return at;
    }

    private static void strings(final long word, final int how, final long[] slots) {
        final int d = MicroCode.d(word);
        final int c = MicroCode.c(word);
        final long aLow = slots[MicroCode.a(word)];
        final long aHigh = slots[MicroCode.a(word) + 1];
        final long bLow = slots[MicroCode.b(word)];
        final long bHigh = slots[MicroCode.b(word) + 1];
        final long result = Strings.result(aLow, aHigh, bLow, bHigh, slots[c], slots[c + 1], how);
        slots[d + 1] = Strings.flags(aLow, aHigh, bLow, bHigh, slots[c], slots[c + 1], how, result);
        slots[d] = result;
    }

    /// All 16 bytes can be stored to.
    private static void storeMasked(
            final long word, final CpuState state, final LinearMemory memory) {
        final long[] slots = state.slots();
        final int all = 2 * Long.BYTES;
        final long offset = slots[MicroCode.a(word)];
        final long address =
                MicroCode.segment(word) < 0
                        ? offset
                        : state.segments().linear(MicroCode.segment(word), offset);
        final int b = MicroCode.b(word);
        final int c = MicroCode.c(word);
        final long mask = Pairs.movmsk(0, slots[c], slots[c + 1]);
        for (int i = 0; i < all; i++) {
            if ((mask >> i & 1) != 0) {
                final long octet = slots[b + i / Long.BYTES] >>> (8 * (i % Long.BYTES));
                memory.store(address + i, 1, octet & 0xff);
            }
        }
    }

    private static void setFlags(final long[] slots, final int status) {
        slots[Slots.RFLAGS] = (slots[Slots.RFLAGS] & ~Rflags.STATUS) | status;
    }

    /// @return [#DONE] to go on, [Exits#LIMIT] to end the instruction, or why the engine stops
    private int other(
            final long word,
            final int op,
            final long immediate,
            final CpuState state,
            final LinearMemory memory) {
        final long[] slots = state.slots();
        switch (op) {
            case MicroOps.LOAD,
                    MicroOps.LOAD_FOR_WRITE,
                    MicroOps.STORE,
                    MicroOps.COMPARE_AND_STORE,
                    MicroOps.COMPARE_AND_STORE_PAIR -> {
                return access(word, op, state, memory);
            }
            case MicroOps.MUL, MicroOps.IMUL, MicroOps.DIV, MicroOps.IDIV ->
                    product(word, op, state);
            case MicroOps.BSF, MicroOps.BSR, MicroOps.BT -> scan(word, op, slots);
            case MicroOps.SET_HIGH -> {
                final int d = MicroCode.d(word);
                final long a = slots[MicroCode.a(word)];
                slots[d] = (slots[d] & ~0xff00L) | (a & 0xff) << 8;
            }
            case MicroOps.MOVE_IF -> {
                if (slots[MicroCode.c(word)] != 0) {
                    final int d = MicroCode.d(word);
                    final long a = slots[MicroCode.a(word)];
                    slots[d] = Widths.merge(MicroCode.size(word), slots[d], a);
                }
            }
            case MicroOps.FENCE -> VarHandle.fullFence();
            case MicroOps.FLAGS_CLEAR -> slots[Slots.RFLAGS] &= ~immediate;
            case MicroOps.FLAGS_SET -> slots[Slots.RFLAGS] |= immediate;
            case MicroOps.FLAGS_FLIP -> slots[Slots.RFLAGS] ^= immediate;
            case MicroOps.FLAGS_FROM -> {
                final long a = slots[MicroCode.a(word)];
                slots[Slots.RFLAGS] = (slots[Slots.RFLAGS] & ~immediate) | (a & immediate);
            }
            case MicroOps.POPF -> popf(word, state);
            default -> {
                return control(word, op, immediate, state);
            }
        }
        return DONE;
    }

    private int control(final long word, final int op, final long immediate, final CpuState state) {
        final long[] slots = state.slots();
        final long a = slots[MicroCode.a(word)];
        switch (op) {
            case MicroOps.JUMP -> slots[Slots.NEXT] = target(word, a, state);
            case MicroOps.JUMP_BY ->
                    slots[Slots.NEXT] = target(word, slots[Slots.NEXT] + immediate, state);
            case MicroOps.JUMP_IF -> {
                if (slots[MicroCode.c(word)] != 0) {
                    slots[Slots.NEXT] = target(word, slots[Slots.NEXT] + immediate, state);
                }
            }
            case MicroOps.ALIGNED -> {
                if ((a & immediate - 1) != 0) {
                    throw state.fault().of(Vectors.GP, 0);
                }
            }
            case MicroOps.CANONICAL -> target(word, a, state);
            case MicroOps.ADVANCE -> {
                final boolean down = (slots[Slots.RFLAGS] & Rflags.DF) != 0;
                final int d = MicroCode.d(word);
                final long moved = down ? a - immediate : a + immediate;
                slots[d] = Widths.merge(MicroCode.size(word), slots[d], moved);
            }
            case MicroOps.REPEAT_BEGIN -> {
                if (Widths.zeroExtend(MicroCode.size(word), a) == 0) {
                    return Exits.LIMIT;
                }
            }
            case MicroOps.REPEAT_END -> repeat(word, immediate, slots);
            case MicroOps.PRIVILEGED -> {
                if (state.privilege() != 0) {
                    throw state.fault().of(Vectors.GP, 0);
                }
            }
            case MicroOps.UNDEFINED -> throw state.fault().of(Vectors.UD);
            case MicroOps.LEAVE_IF -> {
                if (slots[MicroCode.c(word)] != 0) {
                    operand = slots[MicroCode.b(word)];
                    return (int) immediate;
                }
            }
            case MicroOps.BOUND -> bound(word, state);
            case MicroOps.DAA,
                    MicroOps.DAS,
                    MicroOps.AAA,
                    MicroOps.AAS,
                    MicroOps.AAM,
                    MicroOps.AAD,
                    MicroOps.ARPL ->
                    decimal(word, op, (int) immediate, state);
            case MicroOps.LEAVE -> {
                operand = slots[MicroCode.b(word)];
                return (int) immediate;
            }
            default -> throw new IllegalStateException(MicroOps.name(op));
        }
        return DONE;
    }

    private static void bound(final long word, final CpuState state) {
        final long[] slots = state.slots();
        final int size = MicroCode.size(word);
        final long a = Widths.signExtend(size, slots[MicroCode.a(word)]);
        if (a < Widths.signExtend(size, slots[MicroCode.b(word)])
                || a > Widths.signExtend(size, slots[MicroCode.c(word)])) {
            throw state.fault().of(Vectors.BR);
        }
    }

    private static void decimal(
            final long word, final int op, final int base, final CpuState state) {
        final long[] slots = state.slots();
        if (op == MicroOps.AAM && base == 0) {
            throw state.fault().of(Vectors.DE);
        }
        final int d = MicroCode.d(word);
        final int a = (int) slots[MicroCode.a(word)] & 0xffff;
        final int b = (int) slots[MicroCode.b(word)] & 0xffff;
        final int result = Decimal.result(op, a, b, base, (int) slots[Slots.RFLAGS]);
        slots[d] = Widths.merge(1, slots[d], result);
        if ((word & MicroCode.FLAGS) != 0) {
            setFlags(slots, result >>> Decimal.FLAGS_SHIFT);
        }
    }

    private static void repeat(final long word, final long kind, final long[] slots) {
        final int size = MicroCode.size(word);
        final int d = MicroCode.d(word);
        slots[d] = Widths.merge(size, slots[d], slots[d] - 1);
        final boolean zero = (slots[Slots.RFLAGS] & Rflags.ZF) != 0;
        final boolean more = kind == 0 || zero == (kind == 1);
        if (more && Widths.zeroExtend(size, slots[d]) != 0) {
            slots[Slots.NEXT] = slots[Slots.RIP];
        }
    }

    private static long canonical(final CpuState state, final long address) {
        if (!isCanonical(address)) {
            throw state.fault().of(Vectors.GP, 0);
        }
        return address;
    }

    /// Where a branch goes: #GP(0) unless there may be code.
    private static long target(final long word, final long to, final CpuState state) {
        final int size = MicroCode.size(word);
        if (size == 3) {
            return canonical(state, to);
        }
        final long offset = Widths.zeroExtend(size, to);
        if (state.segments().codeBytes(offset) <= 0) {
            throw state.fault().of(Vectors.GP, 0);
        }
        return offset;
    }

    private static void popf(final long word, final CpuState state) {
        final long[] slots = state.slots();
        int mask = POPF_ANY;
        if (state.privilege() == 0) {
            mask |= Rflags.IOPL;
        }
        final int iopl = (int) slots[Slots.RFLAGS] >> 12 & 3;
        if (state.privilege() <= iopl) {
            mask |= Rflags.IF;
        }
        final long from = mask & Widths.mask(MicroCode.size(word));
        final long a = slots[MicroCode.a(word)];
        slots[Slots.RFLAGS] = (slots[Slots.RFLAGS] & ~from & ~Rflags.RF) | (a & from);
    }

    private static void scan(final long word, final int op, final long[] slots) {
        final int size = MicroCode.size(word);
        final int d = MicroCode.d(word);
        final long a = slots[MicroCode.a(word)];
        final long b = slots[MicroCode.b(word)];
        setFlags(slots, Semantics.flags(op, size, a, b, 0, 0, (int) slots[Slots.RFLAGS]));
        if (op != MicroOps.BT && Widths.zeroExtend(size, a) != 0) {
            final long result = Semantics.found(op, size, a);
            slots[d] = Widths.merge(size, slots[d], result);
        }
    }

    private static void product(final long word, final int op, final CpuState state) {
        final long[] slots = state.slots();
        final int size = MicroCode.size(word);
        final long a = slots[MicroCode.a(word)];
        final long b = slots[MicroCode.b(word)];
        final int d = MicroCode.d(word);
        final int c = MicroCode.c(word);
        final long high = slots[c];
        switch (op) {
            case MicroOps.MUL -> {
                slots[c] = Products.mulHigh(size, a, b);
                slots[d] = Products.low(size, a, b);
            }
            case MicroOps.IMUL -> {
                slots[c] = Products.imulHigh(size, a, b);
                slots[d] = Products.low(size, a, b);
            }
            case MicroOps.DIV -> {
                if (!Products.canDivide(size, high, b)) {
                    throw state.fault().of(Vectors.DE);
                }
                slots[d] = Products.quotient(size, high, a, b);
                slots[c] = Products.remainder(size, high, a, b);
            }
            default -> {
                if (!Products.canDivideSigned(size, high, a, b)) {
                    throw state.fault().of(Vectors.DE);
                }
                slots[d] = Products.quotientSigned(size, high, a, b);
                slots[c] = Products.remainderSigned(size, high, a, b);
            }
        }
        if ((word & MicroCode.FLAGS) != 0) {
            setFlags(slots, Semantics.flags(op, size, a, b, 0, 0, (int) slots[Slots.RFLAGS]));
        }
    }

    private static int access(
            final long word, final int op, final CpuState state, final LinearMemory memory) {
        final long[] slots = state.slots();
        final int size = MicroCode.size(word);
        final int bytes = 1 << size;
        final long address =
                linear(
                        word,
                        slots[MicroCode.a(word)],
                        op == MicroOps.COMPARE_AND_STORE_PAIR ? 16 : bytes,
                        op != MicroOps.LOAD,
                        state);
        final int b = MicroCode.b(word);
        final int c = MicroCode.c(word);
        switch (op) {
            case MicroOps.LOAD -> slots[MicroCode.d(word)] = memory.load(address, bytes);
            case MicroOps.LOAD_FOR_WRITE ->
                    slots[MicroCode.d(word)] = memory.loadForWrite(address, bytes);
            case MicroOps.STORE -> memory.store(address, bytes, slots[b]);
            case MicroOps.COMPARE_AND_STORE -> {
                final long mask = Widths.mask(size);
                if (!memory.compareAndStore(address, bytes, slots[b] & mask, slots[c] & mask)) {
                    return AGAIN;
                }
            }
            default -> {
                if (!memory.compareAndStore16(
                        address, slots[b], slots[b + 1], slots[c], slots[c + 1])) {
                    return AGAIN;
                }
            }
        }
        return DONE;
    }

    /// A far call stores to the stack that the code has where it goes: in 64-bit mode that has no
    /// segment. The stack pointer moves once both words are there.
    private static void pushFar(final long word, final CpuState state, final LinearMemory memory) {
        final long[] slots = state.slots();
        final int bytes = 1 << MicroCode.size(word);
        final boolean in32 = !Segments.isLong(state, slots[MicroCode.b(word)]);
        final int size = Widths.size(state.segments().stackSize(in32));
        final long top = slots[Slots.RSP];
        storeFar(top - bytes, bytes, size, slots[Slots.CS], state, memory);
        storeFar(top - 2L * bytes, bytes, size, slots[MicroCode.a(word)], state, memory);
        slots[Slots.RSP] = Widths.merge(size, top, top - 2L * bytes);
    }

    /// @param size the logarithm of how many bytes of the stack pointer count
    private static void storeFar(
            final long pointer,
            final int bytes,
            final int size,
            final long value,
            final CpuState state,
            final LinearMemory memory) {
        final long offset = Widths.zeroExtend(size, pointer);
        final SegmentRegisters segments = state.segments();
        final boolean in32 = size < 3;
        final boolean allowed =
                in32
                        ? segments.allows(Segments.SS, offset, bytes, true)
                        : isCanonical(offset) && isCanonical(offset + bytes - 1);
        if (!allowed) {
            throw state.fault().of(Vectors.SS, 0);
        }
        memory.store(in32 ? segments.linear(Segments.SS, offset) : offset, bytes, value);
    }

    private static boolean isCanonical(final long address) {
        return address << 16 >> 16 == address;
    }

    /// The linear address of memory: #GP or #SS unless all bytes have canonical addresses, or are
    /// in their segment.
    private static long linear(
            final long word,
            final long address,
            final int bytes,
            final boolean writes,
            final CpuState state) {
        final int segment = MicroCode.segment(word);
        if (segment >= 0) {
            final SegmentRegisters segments = state.segments();
            final boolean allowed =
                    MicroCode.isTyped(word)
                            ? segments.allows(segment, address, bytes, writes)
                            : segments.contains(segment, address, bytes);
            if (!allowed) {
                throw state.fault().of(segment == Segments.SS ? Vectors.SS : Vectors.GP, 0);
            }
            return segments.linear(segment, address);
        }
        assert !state.segments().isCompatible() : "an access without a segment";
        final long last = address + bytes - 1;
        if (!isCanonical(address) || !isCanonical(last)) {
            final boolean stack = (word & MicroCode.STACK) != 0;
            throw state.fault().of(stack ? Vectors.SS : Vectors.GP, 0);
        }
        return address;
    }
}
