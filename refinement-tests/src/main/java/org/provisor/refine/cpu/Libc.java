// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// The calls of the C library that running machine code takes, with the numbers of Linux on x86-64.
final class Libc {

    static final int PROT_NONE = 0;
    static final int PROT_READ = 1;
    static final int PROT_WRITE = 2;
    static final int PROT_EXEC = 4;

    /// `MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT`: below 2 GiB, so that short addresses reach it.
    private static final int MAP_LOW = 0x2 | 0x20 | 0x40;

    private static final long MAP_FAILED = -1;

    private static final long SIGACTION_BYTES = 152;
    private static final long SIGACTION_MASK = 8;
    private static final long SIGACTION_FLAGS = 136;

    /// `SA_SIGINFO | SA_ONSTACK`
    private static final int HANDLER_FLAGS = 0x4 | 0x08000000;

    private static final int SS_DISABLE = 2;
    private static final int SIG_SETMASK = 2;
    private static final int SYS_MODIFY_LDT = 154;
    private static final int SYS_TGKILL = 234;

    /// Of `modify_ldt`: write an entry.
    private static final int WRITE_LDT = 0x11;

    private static final long USER_DESC_BYTES = 16;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

    private static final MethodHandle MMAP =
            function("mmap", LONG, LONG, LONG, INT, INT, INT, LONG);
    private static final MethodHandle MUNMAP = function("munmap", INT, LONG, LONG);
    private static final MethodHandle MPROTECT = function("mprotect", INT, LONG, LONG, INT);
    private static final MethodHandle SIGACTION = function("sigaction", INT, INT, LONG, LONG);
    private static final MethodHandle SIGALTSTACK = function("sigaltstack", INT, LONG, LONG);
    private static final MethodHandle SIGMASK = function("pthread_sigmask", INT, INT, LONG, LONG);
    private static final MethodHandle SYSCALL = function("syscall", LONG, LONG, LONG, LONG, LONG);
    private static final MethodHandle GETPID = function("getpid", INT);
    private static final MethodHandle GETTID = function("gettid", INT);

    private Libc() {}

    @SuppressWarnings("restricted")
    private static MethodHandle function(
            final String name, final ValueLayout result, final ValueLayout... arguments) {
        final Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(result, arguments));
    }

    /// Something that can be called and takes and returns nothing.
    @SuppressWarnings("restricted")
    static MethodHandle code(final long address) {
        return Linker.nativeLinker()
                .downcallHandle(MemorySegment.ofAddress(address), FunctionDescriptor.ofVoid());
    }

    /// Memory of the process as a segment.
    @SuppressWarnings("restricted")
    static MemorySegment segment(final long address, final long bytes) {
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    /// Maps memory of its own.
    ///
    /// @return the address, or 0 if it cannot be had
    static long map(final long bytes, final int protection) {
        final long address =
                call(() -> (long) MMAP.invokeExact(0L, bytes, protection, MAP_LOW, -1, 0L));
        return address == MAP_FAILED ? 0 : address;
    }

    static void unmap(final long address, final long bytes) {
        call(() -> (int) MUNMAP.invokeExact(address, bytes));
    }

    /// Changes what may be done with memory.
    ///
    /// @return whether it could be done
    static boolean protect(final long address, final long bytes, final int protection) {
        return call(() -> (int) MPROTECT.invokeExact(address, bytes, protection)) == 0;
    }

    /// The handler of a signal, or 0 if it has none.
    static long handler(final int signal) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment old = arena.allocate(SIGACTION_BYTES, 8);
            call(() -> (int) SIGACTION.invokeExact(signal, 0L, old.address()));
            final long handler = old.get(LONG, 0);
            return handler == 1 ? 0 : handler;
        }
    }

    /// How a signal is handled, to be put back by [#restore].
    static byte[] action(final int signal) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment old = arena.allocate(SIGACTION_BYTES, 8);
            call(() -> (int) SIGACTION.invokeExact(signal, 0L, old.address()));
            return old.toArray(ValueLayout.JAVA_BYTE);
        }
    }

    static void restore(final int signal, final byte[] action) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment old = arena.allocate(SIGACTION_BYTES, 8);
            old.copyFrom(MemorySegment.ofArray(action));
            call(() -> (int) SIGACTION.invokeExact(signal, old.address(), 0L));
        }
    }

    /// Has a signal handled by machine code, on the stack that [#alternateStack] names.
    static void handle(final int signal, final long code) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment action = arena.allocate(SIGACTION_BYTES, 8);
            action.set(LONG, 0, code);
            action.asSlice(SIGACTION_MASK, 128).fill((byte) -1);
            action.set(INT, SIGACTION_FLAGS, HANDLER_FLAGS);
            call(() -> (int) SIGACTION.invokeExact(signal, action.address(), 0L));
        }
    }

    /// Where this thread handles signals; 0 bytes for its ordinary stack.
    static void alternateStack(final long address, final long bytes) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment stack = arena.allocate(24, 8);
            stack.set(LONG, 0, address);
            stack.set(INT, 8, bytes == 0 ? SS_DISABLE : 0);
            stack.set(LONG, 16, bytes);
            call(() -> (int) SIGALTSTACK.invokeExact(stack.address(), 0L));
        }
    }

    /// Lets this thread receive only some signals.
    ///
    /// @param allowed a set of bits, signal 1 the lowest
    /// @return those it could receive before
    static long allowSignals(final long allowed) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment mask = arena.allocate(128, 8);
            final MemorySegment old = arena.allocate(128, 8);
            mask.set(LONG, 0, ~allowed);
            call(() -> (int) SIGMASK.invokeExact(SIG_SETMASK, mask.address(), old.address()));
            return ~old.get(LONG, 0);
        }
    }

    /// Writes an entry of this process's local descriptor table.
    ///
    /// Linux, arch/x86/include/uapi/asm/ldt.h, struct user_desc
    ///
    /// @param flags `seg_32bit` and those behind it, as bits
    /// @return whether it could be done
    static boolean describe(final int number, final long base, final long limit, final int flags) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment entry = arena.allocate(USER_DESC_BYTES, 8);
            entry.set(INT, 0, number);
            entry.set(INT, 4, (int) base);
            entry.set(INT, 8, (int) limit);
            entry.set(INT, 12, flags);
            final long result =
                    call(() ->
                            (long)
                                    SYSCALL.invokeExact(
                                            (long) SYS_MODIFY_LDT,
                                            (long) WRITE_LDT,
                                            entry.address(),
                                            USER_DESC_BYTES));
            return result == 0;
        }
    }

    static int thread() {
        return (int) call(() -> (int) GETTID.invokeExact());
    }

    /// Sends a signal to a thread of this process.
    static void interrupt(final int thread, final int signal) {
        final long process = call(() -> (int) GETPID.invokeExact());
        call(() ->
                (long)
                        SYSCALL.invokeExact(
                                (long) SYS_TGKILL, process, (long) thread, (long) signal));
    }

    private interface Call {
        long make() throws Throwable;
    }

    private static long call(final Call call) {
        try {
            return call.make();
        } catch (final RuntimeException | Error e) {
            throw e;
        } catch (final Throwable e) {
            throw new AssertionError(e);
        }
    }
}
