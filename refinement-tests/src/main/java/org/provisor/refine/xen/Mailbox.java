// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.xen;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.xen.XenLostException.Kind;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Commands to the probe and its results, through memory that both see. Laid out as `mailbox.h`
/// says.
///
/// A command is done when its result is there; several may be under way, done one after the other.
final class Mailbox {

    /// What the probe can be told.
    enum Operation {
        NOTHING(0),
        CALL(1),
        WRITE(2),
        EXCHANGE(3),
        LOAD_SEGMENT(4),
        READ(5),
        CALLS(6),
        COPY(7),
        PORT_OUT(8),
        PORT_IN(9),
        STOP(10);

        private final int number;

        Operation(int number) {
            this.number = number;
        }
    }

    /// What came of a command.
    ///
    /// @param value what is in `rax`, or was read
    /// @param second a second value, where the command has one
    /// @param vector what trap it ended with, or [#NO_TRAP]
    /// @param error the trap's error code
    /// @param address the address that a page fault was at
    /// @param behind how far from the instruction that may trap the trap was, in bytes
    record Result(long value, long second, long vector, long error, long address, long behind) {

        boolean trapped() {
            return vector != NO_TRAP;
        }
    }

    /// What there is besides memory between the host and the probe.
    interface Watch {

        /// Lets the probe run for a while where it runs only when it is let.
        ///
        /// @param turns how often it was let since the answer is waited for
        /// @return whether it was let
        default boolean drive(long turns) {
            return false;
        }

        /// Tells why the probe does not answer; null while there is nothing to tell.
        @Nullable Kind ending();

        XenLostException lost(Kind kind, String what);
    }

    static final long NO_TRAP = 0xFFFF;
    static final long MAGIC = 0x6562_6F72_7076_6F72L;
    static final int VERSION = 1;

    private static final String PROBE = "/org/provisor/refine/xen/probe.elf";
    private static final Pattern ANNOUNCED = Pattern.compile("probe: mailbox ([0-9a-f]{16}).*");

    private static final long READY = 1;
    private static final long TRAPPED = 2;
    private static final long MISREAD = 3;

    private static final int SLOTS = 64;
    private static final int SLOT_BYTES = 128;
    private static final int SUMMED = 8;
    private static final int COMMANDS = 4096;
    private static final int RESULTS = COMMANDS + SLOTS * SLOT_BYTES;

    /// Turns of waiting before the host lets others run between two looks, and before it sleeps.
    private static final int TURNS = 100;

    private static final int YIELDS = 2000;
    private static final long NAP_NANOS = 50_000;

    private final GuestRam ram;
    private final long start;
    private final Watch watch;
    private final long patienceNanos;

    /// The last command sent, and the last whose result was taken.
    private long sent;

    private long taken;

    /// @param start machine address of the mailbox, whose pages follow each other
    /// @param patienceNanos after how long without an answer the probe counts as lost
    Mailbox(GuestRam ram, long start, Watch watch, long patienceNanos) {
        this.ram = ram;
        this.start = start;
        this.watch = watch;
        this.patienceNanos = patienceNanos;
    }

    /// The probe's image.
    static byte[] probe() throws IOException {
        try (InputStream binary = Mailbox.class.getResourceAsStream(PROBE)) {
            if (binary == null) {
                throw new IllegalStateException("the probe is missing: " + PROBE);
            }
            return binary.readAllBytes();
        }
    }

    /// Where a line of the console says that the mailbox is, a machine address, or -1 if it is not
    /// about that.
    static long announced(String line) {
        Matcher said = ANNOUNCED.matcher(line);
        return said.matches() ? Long.parseUnsignedLong(said.group(1), 16) : -1;
    }

    // What the probe says of itself.

    long root() {
        return ram.word(start + 4 * 8);
    }

    long startInfo() {
        return ram.word(start + 5 * 8);
    }

    long frameList() {
        return ram.word(start + 6 * 8);
    }

    long pages() {
        return ram.word(start + 7 * 8);
    }

    long sharedInfo() {
        return ram.word(start + 8 * 8);
    }

    /// How often the probe went to sleep for want of commands.
    long naps() {
        return ram.word(start + 13 * 8);
    }

    /// How long the probe waits for a command before it sleeps, and how long it sleeps then.
    void setIdling(long turns, long nanos) {
        ram.setWord(start + 14 * 8, turns);
        ram.setWord(start + 15 * 8, nanos);
    }

    /// Whether the probe is ready at this address.
    static boolean ready(GuestRam ram, long start, long nonce) {
        return start >= 0
                && start + RESULTS + SLOTS * SLOT_BYTES <= ram.size()
                && ram.acquire(start) == MAGIC
                && ram.word(start + 8) == VERSION
                && ram.acquire(start + 16) == READY
                && ram.word(start + 24) == nonce;
    }

    // Commands.

    /// Sends a command; [#take] brings its result, after those of the commands before it.
    void send(Operation operation, long... arguments) {
        if (sent - taken == SLOTS) {
            throw new IllegalStateException("more commands than there is room for");
        }
        sent++;
        long at = start + COMMANDS + sent % SLOTS * SLOT_BYTES;
        ram.setWord(at, operation.number);
        for (int i = 0; i < SUMMED - 1; i++) {
            ram.setWord(at + 8 + 8L * i, i < arguments.length ? arguments[i] : 0);
        }
        ram.setWord(at + 8 * SUMMED, sum(at, sent));
        ram.release(at + 8 * SUMMED + 8, sent);
    }

    /// Waits for the result of the oldest command whose result was not taken.
    Result take() {
        if (taken == sent) {
            throw new IllegalStateException("nothing was asked for");
        }
        taken++;
        long at = start + RESULTS + taken % SLOTS * SLOT_BYTES;
        await(at + 8 * SUMMED + 8, taken);
        if (ram.word(at + 8 * SUMMED) != sum(at, taken)) {
            throw watch.lost(Kind.GARBLED, "the result of command " + taken + " is garbled");
        }
        return new Result(
                ram.word(at),
                ram.word(at + 8),
                ram.word(at + 16),
                ram.word(at + 24),
                ram.word(at + 32),
                ram.word(at + 40));
    }

    Result run(Operation operation, long... arguments) {
        send(operation, arguments);
        return take();
    }

    /// Makes a hypercall.
    long call(long number, long... arguments) {
        long[] all = new long[6];
        all[0] = number;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return run(Operation.CALL, all).value();
    }

    private void await(long address, long sequence) {
        for (long turns = 0; ram.acquire(address) != sequence; turns++) {
            if (!watch.drive(turns)) {
                awaitOther(address, sequence);
                return;
            }
            look(0);
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // The other side needs a processor to answer.
    private void awaitOther(long address, long sequence) {
        for (int turn = 0; turn < TURNS; turn++) {
            if (ram.acquire(address) == sequence) {
                return;
            }
            Thread.onSpinWait();
        }
        for (int turn = 0; turn < YIELDS; turn++) {
            if (ram.acquire(address) == sequence) {
                return;
            }
            Thread.yield();
        }
        long since = System.nanoTime();
        while (ram.acquire(address) != sequence) {
            look(System.nanoTime() - since);
            LockSupport.parkNanos(NAP_NANOS);
        }
    }

    private void look(long waited) {
        Kind ending = watch.ending();
        if (ending != null) {
            throw watch.lost(ending, "command " + taken + " was the last");
        }
        long state = ram.acquire(start + 16);
        if (state == TRAPPED) {
            throw watch.lost(
                    Kind.TRAPPED,
                    "vector %d, error 0x%x, at 0x%x, address 0x%x"
                            .formatted(
                                    ram.word(start + 9 * 8),
                                    ram.word(start + 10 * 8),
                                    ram.word(start + 11 * 8),
                                    ram.word(start + 12 * 8)));
        }
        if (state == MISREAD) {
            throw watch.lost(Kind.GARBLED, "command " + taken + " did not reach the probe whole");
        }
        if (waited > patienceNanos) {
            throw watch.lost(Kind.HANG, "no answer to command " + taken);
        }
    }

    private long sum(long at, long sequence) {
        long all = sequence;
        for (int i = 0; i < SUMMED; i++) {
            all = Long.rotateLeft(all, 7) ^ ram.word(at + 8L * i);
        }
        return all;
    }
}
