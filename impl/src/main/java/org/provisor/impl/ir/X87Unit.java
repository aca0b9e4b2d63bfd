// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.ir;

import org.provisor.impl.cpu.Rflags;
import org.provisor.impl.cpu.Slots;
import org.provisor.impl.cpu.X87;

/// Carries out the operations of [X87Ops] that neither fault nor touch memory. One thread uses it
/// at a time; it allocates nothing.
///
/// The stack is looked at first, then operands, then the result is rounded; exceptions go into the
/// status word, and C1 says which way it was rounded, or which way the stack ran over.
///
/// @sdm 1, "x87 FPU Exception Conditions"
public final class X87Unit {

    private static final long DATA_SELECTOR = 0xffff_0000L;
    private static final int CONDITIONS = X87.C0 | X87.C2 | X87.C3;
    private static final int UNORDERED = X87.C0 | X87.C2 | X87.C3;

    private final X87Result result = new X87Result();
    private final X87Arithmetic arithmetic = new X87Arithmetic(result);
    private final X87Formats formats = new X87Formats(result);
    private final X87Functions functions = new X87Functions(result, arithmetic);
    private final X87Number first = new X87Number();
    private final X87Number second = new X87Number();

    public X87Unit() {}

    /// Carries out one operation.
    public void execute(final long word, final long immediate, final long[] slots) {
        final int op = MicroCode.op(word);
        final int i = (int) immediate & 7;
        switch (op) {
            case X87Ops.PUSH -> push(word, slots);
            case X87Ops.PUSH_COPY -> pushCopy(i, slots);
            case X87Ops.PUSH_CONSTANT -> pushConstant(i, slots);
            case X87Ops.CONVERT -> convert(word, (int) immediate, slots);
            case X87Ops.POP_IF -> {
                if (slots[MicroCode.c(word)] != 0) {
                    pop((int) immediate, slots);
                }
            }
            case X87Ops.ADD, X87Ops.SUB, X87Ops.SUBR, X87Ops.MUL, X87Ops.DIV, X87Ops.DIVR ->
                    twoOperands(word, op, (int) immediate, slots);
            case X87Ops.COM -> compare(word, (int) immediate, slots);
            case X87Ops.TST -> test(slots);
            case X87Ops.XAM -> examine(slots);
            case X87Ops.ABS, X87Ops.CHS -> sign(op, slots);
            case X87Ops.SQRT, X87Ops.RNDINT, X87Ops.F2XM1 -> oneOperand(op, slots);
            case X87Ops.SCALE, X87Ops.PREM, X87Ops.PREM1 -> ofBoth(op, slots);
            case X87Ops.YL2X, X87Ops.YL2XP1, X87Ops.PATAN -> intoSecond(op, slots);
            case X87Ops.XTRACT -> extract(slots);
            case X87Ops.SIN, X87Ops.COS, X87Ops.SINCOS, X87Ops.PTAN -> angle(op, slots);
            default -> moveOrControl(word, op, immediate, slots);
        }
    }

    private void moveOrControl(
            final long word, final int op, final long immediate, final long[] slots) {
        final int i = (int) immediate & 7;
        switch (op) {
            case X87Ops.XCH -> exchange(i, slots);
            case X87Ops.CMOV -> moveIf(i, slots[MicroCode.c(word)] != 0, slots);
            case X87Ops.ST -> copyTo((int) immediate, slots);
            case X87Ops.FREE -> {
                setC1(slots, false);
                X87.setEmpty(slots, i);
                pop((int) immediate >> X87Ops.POP_SHIFT & 3, slots);
            }
            case X87Ops.INCSTP -> turn(slots, 1);
            case X87Ops.DECSTP -> turn(slots, -1);
            case X87Ops.NOP -> {}
            case X87Ops.INIT -> X87.reset(slots);
            case X87Ops.CLEX ->
                    slots[Slots.X87_STATUS] &= ~(long) (X87.EXCEPTIONS | X87.STACK_FAULT);
            case X87Ops.LDCW -> X87.setControl(slots, slots[MicroCode.a(word)]);
            case X87Ops.STSW -> slots[MicroCode.d(word)] = X87.status(slots);
            case X87Ops.NOTE -> note(immediate, slots);
            case X87Ops.MMX -> {
                X87.setTop(slots, 0);
                slots[Slots.X87_TAGS] = 0xff;
            }
            case X87Ops.EMMS -> {
                X87.setTop(slots, 0);
                slots[Slots.X87_TAGS] = 0;
            }
            default -> throw new IllegalStateException(X87Ops.name(op));
        }
    }

    private static void note(final long immediate, final long[] slots) {
        final boolean memory = (immediate & X87Ops.IN_MEMORY) != 0;
        slots[Slots.X87_INSTRUCTION] = slots[Slots.RIP];
        slots[Slots.X87_OPCODE] = immediate & 0x7ff;
        long data = slots[Slots.X87_SELECTORS] & DATA_SELECTOR;
        if (memory) {
            slots[Slots.X87_DATA] = slots[Slots.T6];
            final int segment = (int) (immediate >> X87Ops.SEGMENT_SHIFT) & 7;
            data = slots[Slots.SELECTORS + segment] << 16;
        }
        slots[Slots.X87_SELECTORS] = data | slots[Slots.CS];
    }

    // The stack.

    private static void setC1(final long[] slots, final boolean set) {
        slots[Slots.X87_STATUS] = (slots[Slots.X87_STATUS] & ~(long) X87.C1) | (set ? X87.C1 : 0);
    }

    private static void conditions(final long[] slots, final int bits) {
        slots[Slots.X87_STATUS] = (slots[Slots.X87_STATUS] & ~(long) CONDITIONS) | bits;
    }

    private static void turn(final long[] slots, final int by) {
        setC1(slots, false);
        X87.setTop(slots, X87.top(slots) + by);
    }

    private static void pop(final int times, final long[] slots) {
        for (int i = 0; i < times; i++) {
            X87.setEmpty(slots, 0);
            X87.setTop(slots, X87.top(slots) + 1);
        }
    }

    private void load(final int i, final long[] slots, final X87Number into) {
        final int slot = X87.slot(slots, i);
        into.ofExtended(slots[slot], slots[slot + 1]);
    }

    private void store(final int i, final long[] slots) {
        final int slot = X87.slot(slots, i);
        slots[slot] = result.significand;
        slots[slot + 1] = result.head;
        X87.setFull(slots, i);
    }

    private void pushResult(final long[] slots) {
        X87.setTop(slots, X87.top(slots) - 1);
        store(0, slots);
    }

    /// A register that is empty is used.
    private void underflow() {
        result.raised = X87.IE | X87.STACK_FAULT;
        result.up = false;
        result.indefinite();
    }

    /// A register that is not empty is pushed to.
    private void overflow() {
        result.raised = X87.IE | X87.STACK_FAULT;
        result.up = true;
        result.indefinite();
    }

    /// Notes what was met.
    ///
    /// @return whether results are written
    private boolean settle(final long[] slots) {
        final long control = slots[Slots.X87_CONTROL];
        final boolean stopped = X87.unmasked(control, result.raised & X87.BEFORE) != 0;
        if (stopped && (result.raised & X87.STACK_FAULT) == 0) {
            result.raised &= X87.BEFORE;
            result.up = false;
        }
        slots[Slots.X87_STATUS] |= result.raised;
        setC1(slots, result.up);
        return !stopped;
    }

    // Loads and stores.

    private void push(final long word, final long[] slots) {
        final int a = MicroCode.a(word);
        final int format = MicroCode.size(word);
        result.clear();
        if (!X87.isEmpty(slots, -1)) {
            overflow();
        } else if (format == X87Formats.EXTENDED) {
            result.set(slots[a + 1] & 0xffff, slots[a]);
        } else {
            X87Formats.read(format, slots[a], slots[a + 1], first);
            if (!arithmetic.special(first)) {
                result.exact(first);
            }
        }
        // A denormal number is loaded, even if that is an exception that is not masked.
        if (settle(slots) || result.raised == X87.DE) {
            pushResult(slots);
        }
    }

    private void pushCopy(final int i, final long[] slots) {
        result.clear();
        if (X87.isEmpty(slots, i)) {
            underflow();
        } else if (!X87.isEmpty(slots, -1)) {
            overflow();
        } else {
            final int slot = X87.slot(slots, i);
            result.set(slots[slot + 1], slots[slot]);
        }
        if (settle(slots)) {
            pushResult(slots);
        }
    }

    private void pushConstant(final int number, final long[] slots) {
        result.clear();
        if (X87.isEmpty(slots, -1)) {
            X87Functions.constant(number, slots[Slots.X87_CONTROL], result);
        } else {
            overflow();
        }
        if (settle(slots)) {
            pushResult(slots);
        }
    }

    private void convert(final long word, final int immediate, final long[] slots) {
        final int d = MicroCode.d(word);
        final int format = MicroCode.size(word);
        long control = slots[Slots.X87_CONTROL];
        if ((immediate & X87Ops.TRUNCATE) != 0) {
            control |= 3 << 10;
        }
        result.clear();
        if (X87.isEmpty(slots, 0)) {
            underflow();
            formats.writeIndefinite(format);
        } else {
            final int slot = X87.slot(slots, 0);
            load(0, slots, first);
            formats.write(format, first, slots[slot], slots[slot + 1], control);
        }
        final int forbidding = X87.BEFORE | X87.OE | X87.UE;
        final boolean stores = X87.unmasked(control, result.raised & forbidding) == 0;
        if (!stores) {
            result.raised &= ~X87.PE;
            result.up = false;
        }
        settle(slots);
        slots[d] = formats.low();
        slots[d + 1] = formats.high();
        slots[d + 2] = X87Wide.bit(stores);
    }

    // Arithmetic.

    private void twoOperands(
            final long word, final int op, final int immediate, final long[] slots) {
        final int format = MicroCode.size(word);
        final int i = immediate & 7;
        final int to = (immediate & X87Ops.TO_I) != 0 ? i : 0;
        final long control = slots[Slots.X87_CONTROL];
        result.clear();
        if (X87.isEmpty(slots, 0) || (format == X87Formats.REGISTER && X87.isEmpty(slots, i))) {
            underflow();
        } else {
            load(to, slots, first);
            if (format == X87Formats.REGISTER) {
                load(i - to, slots, second);
            } else {
                final int a = MicroCode.a(word);
                X87Formats.read(format, slots[a], slots[a + 1], second);
            }
            compute(op, control);
        }
        if (settle(slots)) {
            store(to, slots);
            pop(immediate >> X87Ops.POP_SHIFT & 3, slots);
        }
    }

    private void compute(final int op, final long control) {
        switch (op) {
            case X87Ops.ADD -> arithmetic.add(first, second, false, control);
            case X87Ops.SUB -> arithmetic.add(first, second, true, control);
            case X87Ops.SUBR -> arithmetic.add(second, first, true, control);
            case X87Ops.MUL -> arithmetic.multiply(first, second, control);
            case X87Ops.DIV -> arithmetic.divide(first, second, control);
            default -> arithmetic.divide(second, first, control);
        }
    }

    private void oneOperand(final int op, final long[] slots) {
        final long control = slots[Slots.X87_CONTROL];
        result.clear();
        if (X87.isEmpty(slots, 0)) {
            underflow();
        } else {
            load(0, slots, first);
            switch (op) {
                case X87Ops.SQRT -> arithmetic.squareRoot(first, control);
                case X87Ops.RNDINT -> arithmetic.roundToInteger(first, control);
                default -> functions.twoToMinusOne(first, control);
            }
        }
        if (settle(slots)) {
            store(0, slots);
        }
    }

    private void ofBoth(final int op, final long[] slots) {
        final long control = slots[Slots.X87_CONTROL];
        result.clear();
        boolean last = true;
        final boolean remainder = op != X87Ops.SCALE;
        final boolean empty = X87.isEmpty(slots, 0) || X87.isEmpty(slots, 1);
        if (empty) {
            underflow();
        } else {
            load(0, slots, first);
            load(1, slots, second);
            if (remainder) {
                last = arithmetic.remainder(first, second, op == X87Ops.PREM1, control);
            } else {
                arithmetic.scale(first, second, control);
            }
        }
        final boolean written = settle(slots);
        if (written) {
            store(0, slots);
        }
        if (remainder) {
            quotient(last, empty || !written ? -1 : arithmetic.quotient(), slots);
        }
    }

    private static void quotient(final boolean last, final int bits, final long[] slots) {
        if (bits < 0) {
            conditions(slots, (int) slots[Slots.X87_STATUS] & (X87.C0 | X87.C3));
            return;
        }
        int conditions = last ? 0 : X87.C2;
        conditions |= (bits & 4) != 0 ? X87.C0 : 0;
        conditions |= (bits & 2) != 0 ? X87.C3 : 0;
        conditions(slots, conditions);
        setC1(slots, (bits & 1) != 0);
    }

    private void intoSecond(final int op, final long[] slots) {
        final long control = slots[Slots.X87_CONTROL];
        result.clear();
        if (X87.isEmpty(slots, 0) || X87.isEmpty(slots, 1)) {
            underflow();
        } else {
            load(0, slots, first);
            load(1, slots, second);
            switch (op) {
                case X87Ops.YL2X -> functions.logarithm(first, second, control);
                case X87Ops.YL2XP1 -> functions.logarithmPlusOne(first, second, control);
                default -> functions.arctangent(first, second, control);
            }
        }
        if (settle(slots)) {
            store(1, slots);
            pop(1, slots);
        }
    }

    /// Pushes the significand, and leaves the exponent below it.
    private void extract(final long[] slots) {
        result.clear();
        long head = 0;
        long bits = 0;
        if (X87.isEmpty(slots, 0)) {
            underflow();
        } else if (!X87.isEmpty(slots, -1)) {
            overflow();
        } else {
            load(0, slots, first);
            if (!arithmetic.special(first)) {
                exponent();
                final boolean negative = first.negative;
                bits = first.significand;
                head = negative ? X87Number.SIGN : 0;
                if (first.isFinite()) {
                    head |= X87Number.BIAS;
                } else if (first.isInfinite()) {
                    head |= X87Number.MOST_FIELD;
                }
            } else {
                head = result.head;
                bits = result.significand;
            }
        }
        if ((result.raised & X87.STACK_FAULT) != 0) {
            head = result.head;
            bits = result.significand;
        }
        if (settle(slots)) {
            store(0, slots);
            result.set(head, bits);
            pushResult(slots);
        }
    }

    /// The exponent of [#first].
    private void exponent() {
        if (first.isZero()) {
            result.raised |= X87.ZE;
            result.infinity(true);
        } else if (first.isInfinite()) {
            result.infinity(false);
        } else {
            second.ofInteger(first.exponent);
            result.exact(second);
        }
    }

    private void angle(final int op, final long[] slots) {
        final long control = slots[Slots.X87_CONTROL];
        final boolean pushes = op == X87Ops.SINCOS || op == X87Ops.PTAN;
        result.clear();
        conditions(slots, (int) slots[Slots.X87_STATUS] & (X87.C0 | X87.C3));
        if (X87.isEmpty(slots, 0)) {
            underflow();
        } else if (pushes && !X87.isEmpty(slots, -1)) {
            overflow();
        } else {
            load(0, slots, first);
            if (X87Functions.isTooFar(first)) {
                conditions(slots, ((int) slots[Slots.X87_STATUS] & (X87.C0 | X87.C3)) | X87.C2);
                setC1(slots, false);
                return;
            }
            functions.angle(op, first, control);
        }
        final boolean fault = (result.raised & X87.STACK_FAULT) != 0;
        final long head = fault ? result.head : functions.secondHead();
        final long bits = fault ? result.significand : functions.secondSignificand();
        if (settle(slots)) {
            store(0, slots);
            if (pushes) {
                result.set(head, bits);
                pushResult(slots);
            }
        }
    }

    private void sign(final int op, final long[] slots) {
        result.clear();
        if (X87.isEmpty(slots, 0)) {
            underflow();
        } else {
            final int slot = X87.slot(slots, 0);
            final long head = slots[slot + 1];
            result.set(
                    op == X87Ops.ABS ? head & ~(long) X87Number.SIGN : head ^ X87Number.SIGN,
                    slots[slot]);
        }
        if (settle(slots)) {
            store(0, slots);
        }
    }

    // Comparisons.

    private void compare(final long word, final int immediate, final long[] slots) {
        final int format = MicroCode.size(word);
        final int i = immediate & 7;
        result.clear();
        int order = UNORDERED;
        if (X87.isEmpty(slots, 0) || (format == X87Formats.REGISTER && X87.isEmpty(slots, i))) {
            underflow();
        } else {
            load(0, slots, first);
            if (format == X87Formats.REGISTER) {
                load(i, slots, second);
            } else {
                final int a = MicroCode.a(word);
                X87Formats.read(format, slots[a], slots[a + 1], second);
            }
            order = order((immediate & X87Ops.QUIET) != 0);
        }
        final long before = slots[Slots.X87_STATUS] & X87.C1;
        final boolean pops = settle(slots);
        if ((immediate & X87Ops.TO_FLAGS) == 0) {
            conditions(slots, order);
        } else {
            flags(order, slots);
            if ((result.raised & X87.STACK_FAULT) == 0) {
                slots[Slots.X87_STATUS] |= before;
            }
        }
        if (pops) {
            pop(immediate >> X87Ops.POP_SHIFT & 3, slots);
        }
    }

    private static void flags(final int order, final long[] slots) {
        final long flags =
                ((order & X87.C3) != 0 ? Rflags.ZF : 0)
                        | ((order & X87.C2) != 0 ? Rflags.PF : 0)
                        | ((order & X87.C0) != 0 ? Rflags.CF : 0);
        slots[Slots.RFLAGS] = (slots[Slots.RFLAGS] & ~(long) Rflags.STATUS) | flags;
    }

    private void test(final long[] slots) {
        result.clear();
        int order = UNORDERED;
        if (X87.isEmpty(slots, 0)) {
            underflow();
        } else {
            load(0, slots, first);
            second.ofInteger(0);
            order = order(false);
        }
        settle(slots);
        conditions(slots, order);
    }

    /// Of [#first] and [#second], as condition bits.
    private int order(final boolean quiet) {
        if (first.isInvalid() || second.isInvalid()) {
            result.raised |= X87.IE;
            return UNORDERED;
        }
        if (first.isNaN() || second.isNaN()) {
            result.raised |= quiet ? 0 : X87.IE;
            return UNORDERED;
        }
        arithmetic.noteDenormal(first, second);
        if (first.isZero() && second.isZero()) {
            return X87.C3;
        }
        final int order =
                first.isZero() || second.isZero() || first.negative != second.negative
                        ? rank(first) - rank(second)
                        : magnitudes() * (first.negative ? -1 : 1);
        return order < 0 ? X87.C0 : order == 0 ? X87.C3 : 0;
    }

    private static int rank(final X87Number number) {
        return number.isZero() ? 0 : number.negative ? -1 : 1;
    }

    private int magnitudes() {
        if (first.isInfinite() || second.isInfinite()) {
            return Boolean.compare(first.isInfinite(), second.isInfinite());
        }
        return first.exponent != second.exponent
                ? Integer.compare(first.exponent, second.exponent)
                : Long.compareUnsigned(first.significand, second.significand);
    }

    private void examine(final long[] slots) {
        final int slot = X87.slot(slots, 0);
        load(0, slots, first);
        final int kind;
        if (X87.isEmpty(slots, 0)) {
            kind = X87.C3 | X87.C0;
        } else {
            kind =
                    switch (first.kind) {
                        case UNSUPPORTED -> 0;
                        case QUIET, SIGNALLING -> X87.C0;
                        case INFINITE -> X87.C2 | X87.C0;
                        case ZERO -> X87.C3;
                        case FINITE -> first.denormal ? X87.C3 | X87.C2 : X87.C2;
                    };
        }
        conditions(slots, kind);
        setC1(slots, (slots[slot + 1] & X87Number.SIGN) != 0);
    }

    // Moves.

    private void exchange(final int i, final long[] slots) {
        result.clear();
        if (X87.isEmpty(slots, 0) || X87.isEmpty(slots, i)) {
            underflow();
            if (settle(slots)) {
                if (X87.isEmpty(slots, 0)) {
                    store(0, slots);
                }
                if (X87.isEmpty(slots, i)) {
                    store(i, slots);
                }
                swap(i, slots);
            }
            return;
        }
        setC1(slots, false);
        swap(i, slots);
    }

    private static void swap(final int i, final long[] slots) {
        final int one = X87.slot(slots, 0);
        final int other = X87.slot(slots, i);
        final long bits = slots[one];
        final long head = slots[one + 1];
        slots[one] = slots[other];
        slots[one + 1] = slots[other + 1];
        slots[other] = bits;
        slots[other + 1] = head;
    }

    private void moveIf(final int i, final boolean moves, final long[] slots) {
        result.clear();
        if (X87.isEmpty(slots, 0) || X87.isEmpty(slots, i)) {
            underflow();
        } else {
            if (moves) {
                final int slot = X87.slot(slots, i);
                result.set(slots[slot + 1], slots[slot]);
                store(0, slots);
            }
            return;
        }
        if (settle(slots)) {
            store(0, slots);
        }
    }

    private void copyTo(final int immediate, final long[] slots) {
        result.clear();
        if ((immediate & X87Ops.QUIET) != 0 && X87.isEmpty(slots, 0)) {
            setC1(slots, false);
            pop(immediate >> X87Ops.POP_SHIFT & 3, slots);
            return;
        }
        if (X87.isEmpty(slots, 0)) {
            underflow();
        } else {
            final int slot = X87.slot(slots, 0);
            result.set(slots[slot + 1], slots[slot]);
        }
        if (settle(slots)) {
            store(immediate & 7, slots);
            pop(immediate >> X87Ops.POP_SHIFT & 3, slots);
        }
    }
}
