// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

import org.jspecify.annotations.Nullable;
import org.provisor.impl.cpu.CpuFault;
import org.provisor.impl.cpu.CpuState;
import org.provisor.impl.cpu.Exits;
import org.provisor.impl.cpu.Mxcsr;
import org.provisor.impl.cpu.Rflags;
import org.provisor.impl.cpu.Slots;
import org.provisor.impl.cpu.Vectors;
import org.provisor.impl.cpu.X87;
import org.provisor.impl.decode.Instruction;
import org.provisor.impl.decode.Opcode;
import org.provisor.impl.decode.Operand;
import org.provisor.impl.interp.Interpreter;
import org.provisor.impl.ir.Segments;
import org.provisor.impl.ir.XsaveArea;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/// Carries out a snippet on both sides and compares. The interpreter comes first: what it says that
/// the snippet does decides whether it may run on the host at all.
final class Oracle {

    /// How it went.
    enum Verdict {
        AGREE,
        DIFFER,
        /// Nothing can be said: it used an undefined flag, or would have left its memory.
        DISCARDED
    }

    private static final int MAX_STEPS = 400;

    /// What [StubCode#jumpFar] takes.
    private static final int FAR_JUMP_BYTES = 7;

    /// What must not be on while a snippet runs here.
    private static final int UNWELCOME = Rflags.TF | Rflags.AC | Rflags.NT;

    private static final int COMPARED = Rflags.STATUS | Rflags.DF | Rflags.ID | Rflags.IF;

    /// The error code of a software interrupt that is not allowed says which.
    private static final int ERROR_IDT = 2;

    /// A hypervisor below may have taken some of the vectors below for itself: one was met that
    /// answers `int 0x1a` as `cpuid`.
    private static final int FIRST_FREE = 0x20;

    private static final int LINUX_SYSTEM_CALL = 0x80;

    /// Of MXCSR, where a processor has it.
    private static final long MISALIGNED = 1 << 17;

    /// Where it is in what `fxrstor` reads.
    private static final int MXCSR_OFFSET = 24;

    /// Parts of the state that a processor may have and ours has not, as bits of XCR0.
    static final long UNSHARED_PARTS = 0x4000_0000_000F_FFFCL;

    /// Where the header is, behind what `fxrstor` reads.
    private static final int HEADER = 512;

    private final HostThread host;
    private final HostTables tables;
    private final Interpreter interpreter;
    private final CpuState state = new CpuState();
    private final CpuState hostState = new CpuState();
    private final SnippetMemory memory;
    private final MemorySegment hostData;
    private final byte[] before = new byte[(int) NativeArea.DATA_BYTES];
    private final UndefinedFlags flags = new UndefinedFlags();
    private final int[] rows = new int[MAX_STEPS];

    /// The row of the last instruction, if it is approximate.
    private @Nullable Opcode approximation;

    /// Whether there was `fxsave` among the instructions.
    private boolean saves;

    /// Whether there was `xrstor`, behind which `xsaveopt` may leave out what has not changed.
    private boolean loads;

    private int steps;
    private @Nullable HostOutcome expected;
    private HostOutcome outcome = HostOutcome.NOTHING;

    /// @param host attached to this thread
    Oracle(final HostThread host, final Interpreter interpreter) {
        this.host = host;
        this.interpreter = interpreter;
        this.memory = new SnippetMemory(host.area(), state.fault());
        this.hostData = host.data();
        tables = new HostTables(host.local());
        state.setTables(tables);
        hostState.setTables(tables);
    }

    /// The data as the next snippet finds it.
    MemorySegment data() {
        return memory.segment();
    }

    long area() {
        return host.area();
    }

    int job() {
        return host.job();
    }

    /// The data as the last snippet found it.
    byte[] before() {
        return before;
    }

    /// How many instructions the last snippet took.
    int steps() {
        return steps;
    }

    /// The row of each of them.
    int row(final int step) {
        return rows[step];
    }

    Verdict check(final Snippet snippet) {
        System.arraycopy(memory.data(), 0, before, 0, before.length);
        if (!interpret(snippet, MAX_STEPS)) {
            System.arraycopy(before, 0, memory.data(), 0, before.length);
            return Verdict.DISCARDED;
        }
        // On the host the last page cannot be written; nor has the interpreter.
        hostData.asSlice(0, NativeArea.WRITABLE_BYTES)
                .copyFrom(MemorySegment.ofArray(before).asSlice(0, NativeArea.WRITABLE_BYTES));
        host.place(
                snippet.offset(),
                snippet.code(),
                snippet.length(),
                state.segments().isCompatible());
        start(snippet, hostState);
        outcome = host.run(hostState);
        return agree() ? Verdict.AGREE : Verdict.DIFFER;
    }

    private void start(final Snippet snippet, final CpuState to) {
        System.arraycopy(snippet.start().slots(), 0, to.slots(), 0, Slots.COUNT);
        tables.showAll(true);
        Segments.refresh(to);
        tables.showAll(to.segments().isCompatible());
        to.set(Slots.RIP, snippet.address() - snippet.codeBase());
    }

    /// Has the interpreter carry out a snippet, or only its first few steps.
    ///
    /// @return whether it may run on the host
    boolean interpret(final Snippet snippet, final int limit) {
        memory.place(snippet.address(), snippet.code(), snippet.length());
        start(snippet, state);
        flags.clear();
        steps = 0;
        approximation = null;
        saves = false;
        loads = false;
        expected = HostOutcome.NOTHING;
        while (steps < limit) {
            final long rip = state.segments().codeAddress();
            if (rip == snippet.end()) {
                return !state.segments().isCompatible()
                        || state.segments().codeBytes(state.get(Slots.RIP)) >= FAR_JUMP_BYTES;
            }
            if (approximation != null || saves) {
                // What comes of an approximation nobody knows, nor of the bits that MXCSR has.
                return false;
            }
            final long rcx = state.get(Slots.RCX);
            final int top = X87.slot(state.slots(), 0);
            final long significand = state.get(top);
            final long head = state.get(top + 1);
            final int exit;
            try {
                exit = interpreter.step(state, memory);
            } catch (final SnippetMemory.Unknown _) {
                return false;
            }
            if (exit == Exits.EXCEPTION) {
                note(state.fault());
                return !isUnorderedCall()
                        && !isUndefinedCutOff(snippet, rip)
                        && !isUnorderedReturn()
                        && !isPartial()
                        && !isUnknownMxcsr()
                        && !usesMoreParts(state.fault().vector() != Vectors.PF)
                        && (state.fault().vector() == Vectors.UD
                                || !isUnshared(interpreter.instruction()));
            }
            final Opcode row = interpreter.instruction().row();
            rows[steps++] = row.index();
            if (!Approximations.isDefined(row, significand, head)) {
                return false;
            }
            if (Approximations.is(row)) {
                approximation = row;
            }
            saves |= row.meaning().equals("fxsave") || row.meaning().startsWith("xsave");
            if (usesMoreParts(true) || (loads && row.meaning().equals("xsaveopt")) || isInitial()) {
                return false;
            }
            loads |= row.meaning().equals("xrstor");
            if (exit != Exits.LIMIT) {
                return flags.after(interpreter.instruction(), rcx) && noteExit(exit);
            }
            if (isUnshared(interpreter.instruction())) {
                return false;
            }
            final boolean whole = rip + interpreter.instruction().length() <= snippet.end();
            if (!whole
                    || !flags.after(interpreter.instruction(), rcx)
                    || (state.get(Slots.RFLAGS) & UNWELCOME) != 0) {
                return false;
            }
        }
        return limit < MAX_STEPS;
    }

    /// An instruction that faults counts as carried out, if it could be decoded.
    private void note(final CpuFault fault) {
        final boolean page = fault.vector() == Vectors.PF;
        expected =
                new HostOutcome(
                        signal(fault.vector()),
                        fault.vector(),
                        fault.errorCode(),
                        page ? fault.address() : 0);
        final boolean decoded =
                !(page && (fault.errorCode() & 16) != 0) && fault.vector() != Vectors.UD;
        if (decoded || (fault.vector() == Vectors.UD && isUndefinedRow())) {
            rows[steps++] = interpreter.instruction().row().index();
        }
    }

    /// A call whose target is not canonical and whose stack cannot be written: processors do not
    /// agree on which exception comes first. Nor do they on whether a far call to where its segment
    /// has no code has stored by then.
    private boolean isUnorderedCall() {
        if (state.fault().vector() != Vectors.GP
                || interpreter.instruction().row().block() != Opcode.Block.CALL) {
            return false;
        }
        if (interpreter.instruction().row().meaning().equals("call_far")
                && state.fault().errorCode() == 0) {
            return true;
        }
        return !memory.isWritable(stack() - 8, 8);
    }

    /// `ud0` or `ud1` that the end of a page or segment cuts off: some processors look no further
    /// than the opcode.
    private boolean isUndefinedCutOff(final Snippet snippet, final long rip) {
        final long from = rip - snippet.address();
        if (state.fault().vector() == Vectors.UD || from < 0 || rip >= snippet.end()) {
            return false;
        }
        final byte[] code = snippet.code();
        int at = (int) from;
        while (at < snippet.length() && isPrefix(code[at] & 0xff)) {
            at++;
        }
        return at + 1 < snippet.length()
                && code[at] == 0x0f
                && (code[at + 1] == (byte) 0xb9 || code[at + 1] == (byte) 0xff);
    }

    private boolean isPrefix(final int octet) {
        return switch (octet) {
            case 0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x67, 0xf0, 0xf2, 0xf3 -> true;
            default -> octet >> 4 == 4 && !state.segments().isCompatible();
        };
    }

    /// A far return that faults with a stack that cannot be read far enough: neither do they agree
    /// on that.
    private boolean isUnorderedReturn() {
        final Instruction in = interpreter.instruction();
        final boolean far = in.row().meaning().equals("ret_far");
        if (!far && !in.row().meaning().equals("iret")) {
            return false;
        }
        final long stack = stack();
        final long more = far && !in.row().operands().isEmpty() ? in.immediate() : 0;
        final int words = far ? 2 : 5;
        final int bytes = words * in.operandSize();
        final int rest = 2 * in.operandSize();
        return !memory.isWritable(stack, bytes) || !memory.isWritable(stack + bytes + more, rest);
    }

    /// `popa` that faults: some processors have loaded the first registers by then.
    private boolean isPartial() {
        return state.fault().vector() != Vectors.UD
                && interpreter.instruction().row().meaning().equals("popa");
    }

    /// The linear address of the top of the stack.
    private long stack() {
        final long pointer = state.get(Slots.RSP);
        return switch (state.segments().stackSize()) {
            case 2 -> state.segments().linear(Segments.SS, pointer & 0xffff);
            case 4 -> state.segments().linear(Segments.SS, pointer & 0xffffffffL);
            default -> pointer;
        };
    }

    /// The linear address of the last instruction's memory.
    private long linearData() {
        final long address = state.get(Slots.ADDRESS);
        if (!state.segments().isCompatible()) {
            return address;
        }
        final Instruction in = interpreter.instruction();
        final boolean stack = in.base() == Slots.RSP || in.base() == Slots.RBP;
        final int segment =
                in.segment() != Instruction.NONE ? in.segment() : stack ? Segments.SS : Segments.DS;
        return state.segments().linear(segment, address);
    }

    /// An instruction that takes a thread's own data from it, or that processors differ about: far
    /// pointers with 8 bytes of offset.
    private static boolean isUnshared(final Instruction in) {
        final List<Operand> operands = in.row().operands();
        if (operands.isEmpty()) {
            return false;
        }
        return operands.getLast().size() == Operand.Size.P
                ? in.isWide()
                : operands.getFirst().kind() == Operand.Kind.SEGMENT && in.reg() % 8 == Segments.FS;
    }

    /// Some processors have one bit more in MXCSR, for memory that is not aligned.
    private boolean isUnknownMxcsr() {
        if (state.fault().vector() != Vectors.GP) {
            return false;
        }
        final long mxcsr =
                switch (interpreter.instruction().row().meaning()) {
                    case "load_mxcsr" -> state.get(Slots.T0);
                    case "fxrstor", "xrstor" -> memory.peek(linearData() + MXCSR_OFFSET);
                    default -> -1;
                };
        return (mxcsr & 0xffff_ffffL & ~(Mxcsr.ALL | MISALIGNED)) == 0;
    }

    /// Whether `xsave` or its like is asked for parts of the state that a processor may have
    /// besides.
    ///
    /// @param hasHeader whether the memory could be read
    private boolean usesMoreParts(final boolean hasHeader) {
        final Opcode row = interpreter.instruction().row();
        if (!X87Values.isExtended(row)) {
            return false;
        }
        final long asked = state.get(Slots.RDX) << 32 | (state.get(Slots.RAX) & 0xffff_ffffL);
        if ((asked & UNSHARED_PARTS) != 0) {
            return true;
        }
        final long header = linearData() + HEADER;
        return hasHeader
                && row.meaning().equals("xrstor")
                && ((memory.peek(header) & UNSHARED_PARTS) != 0
                        || memory.peek(header + Long.BYTES) < 0);
    }

    /// Whether `xsave` or `xsaveopt` was asked for a part of the state that is as after a reset: a
    /// processor may know that, and need not.
    private boolean isInitial() {
        if (!interpreter.instruction().row().meaning().startsWith("xsave")) {
            return false;
        }
        final long wanted = state.get(Slots.RAX) & state.xcr0();
        return (wanted & ~XsaveArea.inUse(state.slots())) != 0;
    }

    private boolean isUndefinedRow() {
        return interpreter.instruction().row().meaning().equals("undefined");
    }

    private static int signal(final int vector) {
        return switch (vector) {
            case Vectors.DE, Vectors.MF, Vectors.XM -> HostProcessor.SIGFPE;
            case Vectors.UD -> HostProcessor.SIGILL;
            case Vectors.DB, Vectors.BP -> HostProcessor.SIGTRAP;
            case Vectors.SS, Vectors.AC -> HostProcessor.SIGBUS;
            default -> HostProcessor.SIGSEGV;
        };
    }

    /// What Linux makes of an instruction that leaves the engine; false if nobody knows.
    private boolean noteExit(final int exit) {
        switch (exit) {
            case Exits.BREAKPOINT -> trap(Vectors.BP);
            case Exits.DEBUG_TRAP -> {
                if (HostProcessor.reportsInt1AtIt()) {
                    return false;
                }
                trap(Vectors.DB);
            }
            case Exits.INTERRUPT -> {
                final int vector = (int) interpreter.operand();
                final boolean trap = vector == Vectors.BP || vector == Vectors.OF;
                if (vector == LINUX_SYSTEM_CALL || (vector < FIRST_FREE && !trap)) {
                    return false;
                }
                if (trap) {
                    state.set(Slots.RIP, state.get(Slots.NEXT));
                    trap(vector);
                } else {
                    expected =
                            new HostOutcome(
                                    HostProcessor.SIGSEGV, Vectors.GP, vector * 8L + ERROR_IDT, 0);
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void trap(final int vector) {
        expected = new HostOutcome(signal(vector), vector, 0, 0);
    }

    private boolean agree() {
        final long[] ours = state.slots();
        final long[] theirs = hostState.slots();
        for (int i = 0; i < Slots.GENERAL; i++) {
            if (ours[i] != theirs[i]) {
                return false;
            }
        }
        return flagsDiffer() == 0
                && sameException()
                && xmmAgree()
                && x87Agrees()
                && ours[Slots.MXCSR] == theirs[Slots.MXCSR]
                && mismatch() < 0;
    }

    /// Whether XMM registers agree: to the last bit, or within the bound of an approximation.
    private boolean xmmAgree() {
        for (int i = Slots.XMM; i < Slots.XMM_END; i++) {
            if (state.get(i) != hostState.get(i)
                    && !Approximations.agree(approximation, state.get(i), hostState.get(i))) {
                return false;
            }
        }
        return true;
    }

    /// Where memory differs first, or -1.
    private long mismatch() {
        final MemorySegment ours = memory.segment();
        long from = 0;
        while (from < ours.byteSize()) {
            final long at = ours.asSlice(from).mismatch(hostData.asSlice(from));
            if (at < 0 || !isMxcsrMask(from + at)) {
                return at < 0 ? at : from + at;
            }
            from += at + 1;
        }
        return -1;
    }

    /// Whether a byte is the one of `fxsave` in which a processor says that it has one bit more in
    /// MXCSR.
    private boolean isMxcsrMask(final long at) {
        return saves
                && at % 16 == 14
                && memory.data()[(int) at] == 0
                && hostData.get(ValueLayout.JAVA_BYTE, at) == MISALIGNED >> 16;
    }

    private boolean x87Agrees() {
        for (int i = Slots.X87_CONTROL; i < Slots.X87_END; i++) {
            if (x87Differs(i)) {
                return false;
            }
        }
        return true;
    }

    private boolean x87Differs(final int slot) {
        final long ours = x87(slot);
        final long theirs = hostState.get(slot);
        return ours != theirs
                && slot != Slots.X87_SELECTORS
                && !Approximations.agree(approximation, state, hostState, slot);
    }

    /// What `fxsave64` should show of the x87 FPU: pointers only if an exception waits.
    private long x87(final int slot) {
        return switch (slot) {
            case Slots.X87_STATUS -> X87.status(state.slots());
            case Slots.X87_OPCODE, Slots.X87_INSTRUCTION, Slots.X87_DATA ->
                    X87.isPending(state.slots()) ? state.get(slot) : 0;
            default -> state.get(slot);
        };
    }

    private long flagsDiffer() {
        return (state.get(Slots.RFLAGS) ^ hostState.get(Slots.RFLAGS))
                & COMPARED
                & ~flags.undefined();
    }

    private boolean sameException() {
        final HostOutcome wanted = expected;
        if (wanted == null || wanted.vector() != outcome.vector()) {
            return false;
        }
        if (wanted.vector() < 0) {
            return outcome.signal() == 0;
        }
        return wanted.signal() == outcome.signal()
                && wanted.errorCode() == outcome.errorCode()
                && (wanted.vector() != Vectors.PF || wanted.address() == outcome.address())
                && state.get(Slots.RIP) == hostState.get(Slots.RIP);
    }

    /// Whether the last snippet had to be ended on the host.
    boolean hung() {
        return outcome.signal() == HostProcessor.SIGVTALRM;
    }

    /// What differs, for the last snippet; to be compared as text, so without numbers.
    String parts() {
        final StringBuilder parts = new StringBuilder();
        if (!sameException()) {
            parts.append(" exception");
        }
        for (int i = 0; i < Slots.GENERAL; i++) {
            if (state.get(i) != hostState.get(i)) {
                parts.append(" registers");
                break;
            }
        }
        if (flagsDiffer() != 0) {
            parts.append(" flags");
        }
        if (!xmmAgree()) {
            parts.append(" xmm");
        }
        if (state.get(Slots.MXCSR) != hostState.get(Slots.MXCSR)) {
            parts.append(" mxcsr");
        }
        if (!x87Agrees()) {
            parts.append(" x87");
        }
        if (mismatch() >= 0) {
            parts.append(" memory");
        }
        return parts.toString().strip();
    }

    /// What differs, with all numbers, a line each.
    String explanation() {
        final StringBuilder text = new StringBuilder();
        if (!sameException()) {
            line(text, "exception", text(outcome, hostState), text(expected, state));
        }
        for (int i = 0; i < Slots.XMM_END; i++) {
            final boolean compared = i < Slots.GENERAL || i >= Slots.MXCSR;
            if (compared && state.get(i) != hostState.get(i)) {
                line(text, Names.slot(i), hex(hostState.get(i)), hex(state.get(i)));
            }
        }
        for (int i = Slots.X87_CONTROL; i < Slots.X87_END; i++) {
            if (x87Differs(i)) {
                line(text, Names.slot(i), hex(hostState.get(i)), hex(x87(i)));
            }
        }
        if (flagsDiffer() != 0) {
            final long undefined = ~(long) flags.undefined();
            line(
                    text,
                    "rflags",
                    Names.flags(hostState.get(Slots.RFLAGS) & undefined),
                    Names.flags(state.get(Slots.RFLAGS) & undefined));
        }
        final long at = mismatch();
        if (at >= 0) {
            line(
                    text,
                    "byte at " + hex(host.area() + NativeArea.DATA + at),
                    hex(hostData.get(ValueLayout.JAVA_BYTE, at) & 0xff),
                    hex(memory.data()[(int) at] & 0xff));
        }
        return text.toString();
    }

    private static void line(
            final StringBuilder text, final String part, final String host, final String ours) {
        text.append("    ")
                .append(part)
                .append(": processor ")
                .append(host)
                .append(", interpreter ")
                .append(ours)
                .append('\n');
    }

    private static String text(final @Nullable HostOutcome outcome, final CpuState state) {
        if (outcome == null || outcome.signal() == 0) {
            return "none";
        }
        if (outcome.signal() == HostProcessor.SIGVTALRM) {
            return "does not end";
        }
        return "vector "
                + outcome.vector()
                + ", error code "
                + hex(outcome.errorCode())
                + (outcome.vector() == Vectors.PF ? ", at " + hex(outcome.address()) : "")
                + ", rip "
                + hex(state.get(Slots.RIP));
    }

    private static String hex(final long value) {
        return "0x" + Long.toHexString(value);
    }

    /// Has both sides hold zeros. The last page, which cannot be written, always does.
    void reset() {
        setData(new byte[(int) NativeArea.DATA_BYTES]);
    }

    /// Sets the data, for both sides.
    void setData(final byte[] data) {
        System.arraycopy(data, 0, memory.data(), 0, data.length);
        hostData.asSlice(0, NativeArea.WRITABLE_BYTES)
                .copyFrom(MemorySegment.ofArray(data).asSlice(0, NativeArea.WRITABLE_BYTES));
    }

    /// The interpreter's registers, after [#interpret].
    CpuState state() {
        return state;
    }
}
