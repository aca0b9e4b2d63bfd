// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.bench;

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

/// The implementation, in this virtual machine.
final class OwnSide implements BenchSide {

    static final String NAME = "the guest of the implementation";

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

    @Override
    public Measured run(BenchArguments arguments, Runnable told) {
        BenchLog log = new BenchLog(NAME, arguments.kernels(), told);
        start(arguments, log);
        log.check();
        return new Measured(log.batches(), log.nothing(), log.reasons());
    }

    private void start(BenchArguments arguments, BenchLog log) {
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
