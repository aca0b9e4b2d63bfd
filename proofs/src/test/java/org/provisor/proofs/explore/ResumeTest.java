// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.explore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;

@Timeout(60)
final class ResumeTest {

    @TempDir private Path directory;

    @Test
    void goesOnLevelByLevel() {
        final World world = new EightPuzzle();
        final Summary whole = Runs.stable(Runs.of(world).run());
        Summary part = Runs.of(world).out(directory).maxDepth(0).run();
        for (int depth = 4; part.ending() == Ending.MAX_DEPTH; depth += 4) {
            part = Runs.of(world).out(directory).jobs(1 + depth % 3).maxDepth(depth).run();
        }
        assertEquals(whole, Runs.stable(part));
    }

    @Test
    void goesOnInTheMiddleOfALevel() {
        final World world = Graph.random(3, 4000, 7, 100);
        final Summary whole = Runs.stable(Runs.of(world).keepGoing().run());
        Summary part = Runs.of(world).keepGoing().out(directory).maxStates(1).run();
        for (int limit = 100; part.ending() == Ending.MAX_STATES; limit += 331) {
            part = Runs.of(world).keepGoing().out(directory).maxStates(limit).run();
        }
        assertEquals(whole, Runs.stable(part));
        assertEquals(2, part.violations().size());
    }

    @Test
    void comesToTheSameTotalsAfterCrashes() {
        final Summary whole = Runs.stable(Runs.of(new Hypercube(13, 5)).run());
        final AtomicInteger left = new AtomicInteger();
        final World world =
                new Wrapped(new Hypercube(13, 5)) {
                    @Override
                    void beforeExpand(final long[] state, final int at) {
                        if (left.decrementAndGet() == 0) {
                            throw new IllegalStateException("killed");
                        }
                    }
                };
        int crashes = 0;
        for (int allowed = 100; ; allowed += 300) {
            left.set(allowed);
            // A clock as fast as this makes every batch end in a checkpoint.
            final Exploration exploration =
                    Runs.of(world).out(directory).clock(Runs.ticking(1L << 30));
            try {
                assertEquals(whole, Runs.stable(exploration.run()));
                break;
            } catch (IllegalStateException e) {
                crashes++;
            }
        }
        assertTrue(crashes > 3);
    }

    @Test
    void aFinishedExplorationIsNotRepeated() {
        final Summary first = Runs.of(new EightPuzzle()).out(directory).run();
        final World untouchable =
                new Wrapped(new EightPuzzle()) {
                    @Override
                    void beforeExpand(final long[] state, final int at) {
                        throw new IllegalStateException("expanded again");
                    }
                };
        final Summary second = Runs.of(untouchable).out(directory).run();
        assertEquals(Runs.stable(first), Runs.stable(second));
    }

    @Test
    void aViolationIsStillThereAfterwards() {
        final World world = new Peterson(true);
        final Summary first = Runs.of(world).out(directory).run();
        assertEquals(Ending.VIOLATION, first.ending());
        assertEquals(Runs.stable(first), Runs.stable(Runs.of(world).out(directory).run()));
        assertEquals(
                Runs.stable(Runs.of(world).keepGoing().run()),
                Runs.stable(Runs.of(world).out(directory).keepGoing().run()));
    }

    @Test
    void timeAddsUp() {
        final World world = new EightPuzzle();
        final Summary first =
                Runs.of(world).out(directory).clock(Runs.ticking(1_000_000)).maxDepth(10).run();
        final Summary second = Runs.of(world).out(directory).clock(Runs.ticking(1)).run();
        assertTrue(first.nanos() > 0 && second.nanos() > first.nanos());
    }

    @Test
    void anInterruptLosesNothing() {
        // Wide states, so that the log gets a new chunk while an interrupt is pending.
        final World cube = new Hypercube(11, 500);
        final World world =
                new Wrapped(cube) {
                    @Override
                    void beforeExpand(final long[] state, final int at) {
                        if (state[at] % 16 == 0) {
                            Thread.currentThread().interrupt();
                        }
                    }
                };
        final Summary whole = Runs.stable(Runs.of(cube).run());
        Thread.currentThread().interrupt();
        Summary part = Runs.of(world).jobs(1).out(directory).run();
        assertEquals(Ending.INTERRUPTED, part.ending());
        assertFalse(Thread.currentThread().isInterrupted());
        int interrupts = 0;
        while (part.ending() == Ending.INTERRUPTED) {
            interrupts++;
            part = Runs.of(world).jobs(1).out(directory).run();
        }
        assertTrue(interrupts > 1);
        assertEquals(whole, Runs.stable(part));
    }

    @Test
    void anotherConfigurationIsRefused() {
        Runs.of(new Hypercube(5, 2)).out(directory).run();
        assertTrue(refusal(new Hypercube(6, 2)).contains("not of \"Hypercube[dimensions=6"));
        final World renamed =
                new Wrapped(new Hypercube(5, 3)) {
                    @Override
                    public String configuration() {
                        return new Hypercube(5, 2).configuration();
                    }
                };
        assertTrue(refusal(renamed).contains("another width"));
    }

    @Test
    void aDirectoryInUseIsRefused() {
        final World world =
                new Wrapped(new Hypercube(3, 1)) {
                    @Override
                    void beforeExpand(final long[] state, final int at) {
                        assertTrue(refusal(new Hypercube(3, 1)).contains("in use"));
                    }
                };
        assertTrue(Runs.of(world).out(directory).jobs(1).run().complete());
    }

    @Test
    void damageIsNoticed() throws IOException {
        final World world = new EightPuzzle();
        Runs.of(world).out(directory).maxDepth(12).run();
        final Path log = directory.resolve("states.log");
        final Path checkpoint = directory.resolve("checkpoint");
        final String text = Files.readString(checkpoint);

        Files.writeString(checkpoint, text.substring(0, text.length() / 2));
        assertTrue(refusal(world).contains("is not a checkpoint"));
        Files.writeString(checkpoint, text.replace("width 1", "width one"));
        assertTrue(refusal(world).contains("is not a checkpoint"));

        Files.writeString(checkpoint, text);
        try (FileChannel file = FileChannel.open(log, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.allocate(1).put(0, (byte) 0x77), 16 * 100);
        }
        assertTrue(refusal(world).contains("does not match its checkpoint"));

        Files.delete(log);
        assertTrue(refusal(world).contains("shorter than its checkpoint"));
    }

    @Test
    void aFileInTheWayIsRefused() throws IOException {
        final Path file = Files.writeString(directory.resolve("file"), "");
        final Exploration exploration = Runs.of(new EightPuzzle()).out(file);
        assertThrows(ExplorationException.class, exploration::run);
    }

    private String refusal(final World world) {
        final Exploration exploration = Runs.of(world).out(directory);
        final String message =
                assertThrows(ExplorationException.class, exploration::run).getMessage();
        assertNotNull(message);
        assertFalse(message.contains("\n"));
        return message;
    }
}
