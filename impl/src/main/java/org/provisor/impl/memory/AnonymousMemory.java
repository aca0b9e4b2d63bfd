// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// Memory that the operating system provides page by page, when it is first written. These are the
/// only restricted methods of the foreign-memory interface that are used: Java warns about them
/// unless it is started with `--enable-native-access`.
///
/// The numbers are those of Linux on x86-64 and 64-bit Arm.
final class AnonymousMemory {

    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int MAP_PRIVATE = 2;
    private static final int MAP_ANONYMOUS = 0x20;

    /// No swap is set aside either.
    private static final int MAP_NORESERVE = 0x4000;

    private static final long MAP_FAILED = -1;

    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    private static final VarHandle ERRNO_FIELD =
            Linker.Option.captureStateLayout().varHandle(PathElement.groupElement("errno"));

    private AnonymousMemory() {}

    /// The whole address space, as one segment.
    @SuppressWarnings("restricted")
    static MemorySegment everywhere() {
        return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    }

    /// Maps that many bytes, zero, until the arena is closed.
    ///
    /// @throws MemoryUnavailableException if they cannot be had
    @SuppressWarnings("restricted")
    static MemorySegment reserve(final long bytes, final Arena arena) {
        final MemorySegment start = map(bytes);
        return start.reinterpret(bytes, arena, mapped -> unmap(mapped, bytes));
    }

    private static MemorySegment map(final long bytes) {
        final MethodHandle mmap =
                function(
                        "mmap",
                        FunctionDescriptor.of(
                                ValueLayout.ADDRESS,
                                ValueLayout.ADDRESS,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_LONG),
                        ERRNO);
        try (Arena call = Arena.ofConfined()) {
            final MemorySegment state = call.allocate(Linker.Option.captureStateLayout());
            final MemorySegment start =
                    (MemorySegment)
                            mmap.invokeExact(
                                    state,
                                    MemorySegment.NULL,
                                    bytes,
                                    PROT_READ | PROT_WRITE,
                                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                                    -1,
                                    0L);
            if (start.address() == MAP_FAILED) {
                final int error = (int) ERRNO_FIELD.get(state, 0L);
                throw new MemoryUnavailableException(
                        (bytes >> 10)
                                + " KiB of memory cannot be had: mmap failed, errno "
                                + error);
            }
            return start;
        } catch (final RuntimeException | Error e) {
            throw e;
        } catch (final Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static void unmap(final MemorySegment start, final long bytes) {
        final MethodHandle munmap =
                function(
                        "munmap",
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
        try {
            final int failed = (int) munmap.invokeExact(start, bytes);
            if (failed != 0) {
                throw new IllegalStateException("munmap failed");
            }
        } catch (final RuntimeException | Error e) {
            throw e;
        } catch (final Throwable e) {
            throw new AssertionError(e);
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(
            final String name, final FunctionDescriptor type, final Linker.Option... options) {
        final Linker linker = Linker.nativeLinker();
        final MemorySegment address =
                linker.defaultLookup()
                        .find(name)
                        .orElseThrow(() ->
                                new MemoryUnavailableException("there is no " + name + " here"));
        return linker.downcallHandle(address, type, options);
    }
}
