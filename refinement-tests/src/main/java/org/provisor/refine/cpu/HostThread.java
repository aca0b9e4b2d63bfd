// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

import org.provisor.impl.cpu.CpuState;
import org.provisor.impl.cpu.Slots;
import org.provisor.impl.ir.Segments;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// One thread's use of the host's processor. Between [#attach] and [#detach] it belongs to the
/// thread that called them, which runs nothing but snippets.
final class HostThread {

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

    /// The signals that a snippet can raise, and the one that ends it.
    private static final long ALLOWED =
            bit(HostProcessor.SIGILL)
                    | bit(HostProcessor.SIGTRAP)
                    | bit(HostProcessor.SIGBUS)
                    | bit(HostProcessor.SIGFPE)
                    | bit(HostProcessor.SIGSEGV)
                    | bit(HostProcessor.SIGVTALRM);

    private final long area;
    private final MemorySegment memory;
    private final MethodHandle enter;
    private final MethodHandle enter32;
    private final int job;
    private final LocalTable local;

    private long allowedBefore;
    private volatile int thread;

    HostThread(final long area, final int job, final LocalTable local) {
        this.area = area;
        this.job = job;
        this.local = local;
        memory = Libc.segment(area, NativeArea.STRIDE);
        enter = Libc.code(area + NativeArea.ENTER);
        enter32 = Libc.code(area + NativeArea.ENTER_32);
    }

    private static long bit(final int signal) {
        return 1L << (signal - 1);
    }

    void attach() {
        Libc.alternateStack(area + NativeArea.SIGNAL_STACK, NativeArea.SIGNAL_STACK_BYTES);
        allowedBefore = Libc.allowSignals(ALLOWED);
        thread = Libc.thread();
    }

    void detach() {
        thread = 0;
        Libc.allowSignals(allowedBefore);
        Libc.alternateStack(0, 0);
    }

    /// The address of the whole area.
    long area() {
        return area;
    }

    /// Its number.
    int job() {
        return job;
    }

    /// The segments of all jobs.
    LocalTable local() {
        return local;
    }

    /// The data pages.
    MemorySegment data() {
        return memory.asSlice(NativeArea.DATA, NativeArea.DATA_BYTES);
    }

    /// Puts a snippet into memory, and behind it what ends it.
    ///
    /// @param at its offset in the area
    /// @param in32 whether it ends in 32-bit code
    void place(final long at, final byte[] code, final int length, final boolean in32) {
        MemorySegment.copy(code, 0, memory, ValueLayout.JAVA_BYTE, at, length);
        if (in32) {
            StubCode.jumpFar(memory, at + length, area + NativeArea.LEAVE);
        } else {
            StubCode.jump(memory, at + length, NativeArea.LEAVE);
        }
    }

    /// Fills where a snippet was.
    void clear(final long at, final int length) {
        memory.asSlice(at, length).fill((byte) 0xcc);
    }

    /// Carries out the snippet that `state` points to, until its end or its first exception.
    ///
    /// @param state the registers before, and after that those after
    /// @return what happened
    HostOutcome run(final CpuState state) {
        for (int i = 0; i < Slots.GENERAL; i++) {
            memory.set(LONG, NativeArea.REGISTERS_IN + 8L * i, state.get(i));
        }
        for (int i = 0; i < 32; i++) {
            memory.set(LONG, NativeArea.XMM_IN + 8L * i, state.get(Slots.XMM + i));
        }
        memory.set(LONG, NativeArea.FLAGS_IN, state.get(Slots.RFLAGS));
        memory.set(LONG, NativeArea.MXCSR_IN, state.get(Slots.MXCSR));
        X87Image.write(state.slots(), memory.asSlice(NativeArea.X87_IN, X87Image.BYTES));
        memory.set(LONG, NativeArea.TARGET, state.get(Slots.RIP));
        memory.set(LONG, NativeArea.SIGNAL, 0);
        for (int i = 0; i < Segments.COUNT; i++) {
            final short selector = (short) state.get(Slots.SELECTORS + i);
            memory.set(ValueLayout.JAVA_SHORT, NativeArea.SELECTORS_IN + 2L * i, selector);
        }
        memory.set(ValueLayout.JAVA_INT, NativeArea.FAR_TARGET, (int) state.get(Slots.RIP));
        memory.set(ValueLayout.JAVA_SHORT, NativeArea.FAR_TARGET + 4, (short) state.get(Slots.CS));
        try {
            if (state.segments().isCompatible()) {
                enter32.invokeExact();
            } else {
                enter.invokeExact();
            }
        } catch (final RuntimeException | Error e) {
            throw e;
        } catch (final Throwable e) {
            throw new AssertionError(e);
        }
        for (int i = 0; i < Slots.GENERAL; i++) {
            state.set(i, memory.get(LONG, NativeArea.REGISTERS_OUT + 8L * i));
        }
        for (int i = 0; i < 32; i++) {
            state.set(Slots.XMM + i, memory.get(LONG, NativeArea.XMM_OUT + 8L * i));
        }
        state.set(Slots.RFLAGS, memory.get(LONG, NativeArea.FLAGS_OUT));
        state.set(Slots.MXCSR, memory.get(LONG, NativeArea.MXCSR_OUT) & 0xffff);
        X87Image.read(memory.asSlice(NativeArea.X87_OUT, X87Image.BYTES), state.slots());
        final int signal = (int) memory.get(LONG, NativeArea.SIGNAL);
        if (signal == 0) {
            return HostOutcome.NOTHING;
        }
        state.set(Slots.RSP, memory.get(LONG, NativeArea.FAULT_RSP));
        state.set(Slots.RIP, memory.get(LONG, NativeArea.FAULT_RIP));
        return new HostOutcome(
                signal,
                (int) memory.get(LONG, NativeArea.FAULT_VECTOR),
                memory.get(LONG, NativeArea.FAULT_ERROR),
                memory.get(LONG, NativeArea.FAULT_CR2));
    }

    /// Ends the snippet that is running, if one is. For other threads.
    void interrupt() {
        final int id = thread;
        if (id != 0) {
            Libc.interrupt(id, HostProcessor.SIGVTALRM);
        }
    }
}
