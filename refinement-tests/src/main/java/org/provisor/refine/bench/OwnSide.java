// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.bench;

import org.jspecify.annotations.Nullable;
import org.provisor.impl.build.BadImageException;
import org.provisor.impl.build.PvKernel;
import org.provisor.impl.launch.Clock;
import org.provisor.impl.launch.Console;
import org.provisor.impl.launch.Ending;
import org.provisor.impl.launch.PvMachine;
import org.provisor.refine.run.CallDiffersException;
import org.provisor.refine.run.CallJudge;
import org.provisor.refine.run.Check;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The implementation, in this virtual machine.
final class OwnSide implements BenchSide {

    static final String NAME = "the guest of the implementation";

    /// How a domain ends that comes to an instruction which the engine does not have.
    private static final String MISSING = "the instruction is not there yet";

    private static final long SLICE = 1_000_000;
    private static final long PAGE = 4096;

    private final byte[] image;
    private final long bytes;
    private final long patienceNanos;
    private final Check check;

    /// @param image the kernel
    /// @param bytes of memory that the guest has
    /// @param patienceNanos after how long without a line it counts as hung
    /// @param check which of its hypercalls are judged
    OwnSide(byte[] image, long bytes, long patienceNanos, Check check) {
        this.image = image.clone();
        this.bytes = bytes;
        this.patienceNanos = patienceNanos;
        this.check = check;
    }

    /// Kernels that come to an instruction which is not there end the domain: those behind them are
    /// run in another.
    @Override
    public Measured run(BenchArguments arguments, Runnable told) {
        List<Batch> batches = new ArrayList<>();
        List<Long> nothing = new ArrayList<>();
        Map<String, String> reasons = new HashMap<>();
        List<BenchKernel> left = arguments.kernels();
        while (!left.isEmpty()) {
            BenchLog log = new BenchLog(NAME, left, told);
            String missing = start(arguments.of(left), log);
            batches.addAll(log.batches());
            nothing.addAll(log.nothing());
            reasons.putAll(log.reasons());
            left = missing == null ? List.of() : behind(left, missing);
        }
        return new Measured(batches, nothing, reasons);
    }

    private static List<BenchKernel> behind(List<BenchKernel> all, String name) {
        List<String> names = all.stream().map(BenchKernel::name).toList();
        return all.subList(names.indexOf(name) + 1, all.size());
    }

    /// @return the kernel that could not go on, or null if all have been run
    private @Nullable String start(BenchArguments arguments, BenchLog log) {
        Lines lines = new Lines(log);
        try (PvMachine machine =
                PvMachine.start(
                        new PvKernel(image),
                        new byte[0],
                        arguments.text(),
                        bytes / PAGE,
                        lines,
                        Clock.real())) {
            CallJudge judge = check.judge(machine);
            while (!log.done()) {
                Ending ending = machine.run(SLICE);
                if (ending.kind() != Ending.Kind.LIMIT && !log.done()) {
                    if (log.kernel() != null && ending.text().contains(MISSING)) {
                        log.cannot(reason(ending.text()));
                        return log.kernel();
                    }
                    throw log.failed("ended: " + ending.text());
                }
                if (System.nanoTime() - lines.last > patienceNanos) {
                    throw log.failed("has said nothing for too long");
                }
            }
            if (judge != null) {
                judge.finish();
            }
        } catch (CallDiffersException e) {
            throw log.failed("is judged: " + e.getMessage());
        } catch (BadImageException e) {
            throw new IllegalStateException(e);
        }
        log.check();
        return null;
    }

    private static String reason(String ending) {
        String text = ending.substring(ending.indexOf(MISSING));
        int end = text.indexOf("; rip");
        return end < 0 ? text : text.substring(0, end);
    }

    /// A console as lines.
    private static final class Lines implements Console {

        private final BenchLog log;
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();
        private long last = System.nanoTime();

        Lines(BenchLog log) {
            this.log = log;
        }

        @Override
        public void write(byte[] bytes, int count) {
            last = System.nanoTime();
            for (int i = 0; i < count; i++) {
                if (bytes[i] == '\n') {
                    log.line(line.toString(StandardCharsets.ISO_8859_1), last);
                    line.reset();
                } else {
                    line.write(bytes[i]);
                }
            }
        }
    }
}
