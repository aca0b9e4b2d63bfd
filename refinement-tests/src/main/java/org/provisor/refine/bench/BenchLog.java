// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.bench;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What a benchmark kernel says on its console, line by line:
///
///     bench: kernel NAME              the next lines are this one's
///     bench: cannot REASON            it cannot be run here
///     bench: begin                    a batch begins
///     bench: end                      it ends
///     bench: batch NAME UNITS OPERATIONS NANOSECONDS RESULT WRONG
///     bench: failed WHAT              the end: something is wrong
///     bench: done                     the end
///
/// OPERATIONS are those of one unit, WRONG is how many units came to something else than the first.
/// Other lines are somebody else's. The time of a batch is that between its two lines.
///
/// Lines come from one thread, questions from any.
final class BenchLog {

    private static final String OURS = "bench: ";
    private static final String NOTHING = "nothing";
    private static final int WORDS = 6;
    private static final int KEPT = 20;

    private final String side;
    private final Map<String, BenchKernel> kernels;
    private final Runnable told;
    private final Deque<String> last = new ArrayDeque<>();
    private final List<Batch> batches = new ArrayList<>();
    private final List<Long> nothing = new ArrayList<>();
    private final Map<String, String> reasons = new LinkedHashMap<>();

    private @Nullable String kernel;
    private @Nullable String failure;
    private long began;
    private long took;
    private boolean done;

    /// @param side whose console this is
    /// @param told called when a batch is done
    BenchLog(String side, List<BenchKernel> kernels, Runnable told) {
        this.side = side;
        this.kernels =
                kernels.stream().collect(Collectors.toMap(BenchKernel::name, Function.identity()));
        this.told = told;
    }

    /// A line came.
    ///
    /// @param nanos when
    synchronized void line(String line, long nanos) {
        if (last.size() == KEPT) {
            last.removeFirst();
        }
        last.addLast(line);
        if (!line.startsWith(OURS)) {
            return;
        }
        String text = line.substring(OURS.length());
        if (text.equals("begin")) {
            began = nanos;
        } else if (text.equals("end")) {
            took = nanos - began;
        } else if (text.equals("done")) {
            done = true;
        } else if (text.startsWith("kernel ")) {
            kernel = text.substring(7);
        } else if (text.startsWith("cannot ") && kernel != null) {
            reasons.put(kernel, text.substring(7));
        } else if (text.startsWith("failed ")) {
            fail("says that it failed: " + text.substring(7));
        } else if (text.startsWith("batch ")) {
            batch(text.substring(6).split(" "));
        }
    }

    private void fail(String what) {
        if (failure == null) {
            failure = side + " " + what;
        }
    }

    private void batch(String[] words) {
        long[] numbers = new long[WORDS];
        try {
            for (int i = 1; i < WORDS; i++) {
                numbers[i] = Long.parseUnsignedLong(words[i]);
            }
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            fail("says what cannot be read: batch " + String.join(" ", words));
            return;
        }
        if (words[0].equals(NOTHING)) {
            nothing.add(took);
            return;
        }
        BenchKernel measured = kernels.get(words[0]);
        if (measured == null) {
            fail("ran a kernel that it was not told to: " + words[0]);
            return;
        }
        long wanted = measured.result().getAsLong();
        if (numbers[4] != wanted || numbers[5] != 0) {
            fail(
                    "came to a wrong result in %s: %s, %s units were wrong; it must be %s"
                            .formatted(
                                    words[0],
                                    Long.toUnsignedString(numbers[4]),
                                    Long.toUnsignedString(numbers[5]),
                                    Long.toUnsignedString(wanted)));
            return;
        }
        batches.add(new Batch(words[0], numbers[1] * numbers[2], took, numbers[3]));
        told.run();
    }

    synchronized boolean done() {
        return done || failure != null;
    }

    synchronized BenchFailedException failed(String what) {
        String where = kernel == null ? "" : ", in " + kernel;
        return new BenchFailedException(side + " " + what + where, List.copyOf(last));
    }

    /// @throws BenchFailedException if the guest has said something wrong
    synchronized void check() {
        if (failure != null) {
            throw new BenchFailedException(failure, List.copyOf(last));
        }
    }

    synchronized List<Batch> batches() {
        return List.copyOf(batches);
    }

    /// How long batches took in which nothing was done.
    synchronized List<Long> nothing() {
        return List.copyOf(nothing);
    }

    /// Why kernels were not run.
    synchronized Map<String, String> reasons() {
        return Map.copyOf(reasons);
    }
}
