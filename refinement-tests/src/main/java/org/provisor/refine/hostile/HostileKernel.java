// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.hostile;

import org.provisor.impl.build.BadImageException;
import org.provisor.impl.build.PvKernel;
import org.provisor.impl.jit.Translator;
import org.provisor.impl.launch.Clock;
import org.provisor.impl.launch.Ending;
import org.provisor.impl.launch.EngineKind;
import org.provisor.impl.launch.PvMachine;
import org.provisor.impl.launch.Statistics;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.function.Consumer;

/// One run of the kernel that is up to no good, in a domain without privileges, beside a neighbour.
/// It does the same each time.
final class HostileKernel {

    /// How many instructions at a time; then it is looked whether it still does anything.
    static final long SLICE = 250_000;

    private static final int PAGES = 4096;
    private static final int MORE_PAGES = 256;
    private static final int VECTORS = 256;

    private final Mischief mischief;
    private final long seed;
    private final Consumer<PvMachine> tampering;

    HostileKernel(final Mischief mischief, final long seed) {
        this(mischief, seed, machine -> {});
    }

    /// @param tampering has the machine after each slice, so that a test can do what no guest may
    HostileKernel(final Mischief mischief, final long seed, final Consumer<PvMachine> tampering) {
        this.mischief = mischief;
        this.seed = seed;
        this.tampering = tampering;
    }

    /// How it ended.
    ///
    /// @param end in a word: `limit`, `crashed`, `asleep`, `shutdown`, or `loop` if it ran on and
    ///   on without doing anything that a hypervisor sees
    /// @param reason the crash's, without addresses; empty for others
    /// @param instructions how many it carried out
    /// @param exceptions how many were passed on to it
    /// @param wrong what should not be, on one line; empty if everything is right
    record Outcome(
            String end,
            String reason,
            long instructions,
            long exceptions,
            long hypercalls,
            long regions,
            long evictions,
            String wrong) {}

    /// Runs it.
    ///
    /// @param limit how many instructions at most
    Outcome run(final long limit) {
        final PvMachine.Memory memory =
                new PvMachine.Memory(
                        PAGES, PAGES + MORE_PAGES, Neighbour.PAGES + 2 * MORE_PAGES, 0);
        try (PvMachine machine =
                PvMachine.start(
                        new PvKernel(image("hostile")),
                        new byte[0],
                        "seed=" + Long.toUnsignedString(seed) + " kinds=" + mischief.words(),
                        PvMachine.Role.GUEST,
                        memory,
                        (_, _) -> {},
                        Clock.ofInstructions(),
                        EngineKind.TRANSLATOR)) {
            return run(machine, new Neighbour(machine, new PvKernel(image("hello"))), limit);
        } catch (final BadImageException e) {
            throw new IllegalStateException(e);
        }
    }

    private Outcome run(final PvMachine machine, final Neighbour neighbour, final long limit) {
        Ending ending = null;
        String end = "";
        String escaped = "";
        long seen = -1;
        try {
            while (end.isEmpty()) {
                final long left = limit - machine.statistics().instructions();
                ending = machine.run(Math.min(SLICE, left));
                tampering.accept(machine);
                final long events = events(machine.statistics());
                if (ending.kind() != Ending.Kind.LIMIT) {
                    end = ending.kind().name().toLowerCase(java.util.Locale.ROOT);
                } else if (machine.statistics().instructions() >= limit) {
                    end = "limit";
                } else if (events == seen) {
                    end = "loop";
                }
                seen = events;
            }
        } catch (final RuntimeException | Error e) {
            end = "escaped";
            final StackTraceElement[] trace = e.getStackTrace();
            escaped = "escaped: " + e + (trace.length == 0 ? "" : " at " + trace[0]);
        }
        final Statistics after = machine.statistics();
        return new Outcome(
                end,
                ending == null ? "" : reason(ending),
                after.instructions(),
                exceptions(after),
                after.hypercalls(),
                after.regions(),
                after.evictions(),
                escaped.isEmpty() ? wrong(after, neighbour) : escaped);
    }

    private static String wrong(final Statistics after, final Neighbour neighbour) {
        final long kept = after.regions() - after.evictions() - after.overwritten();
        return kept > Translator.CAPACITY
                ? "%d regions are kept, not %d at most".formatted(kept, Translator.CAPACITY)
                : neighbour.wrong();
    }

    private static long events(final Statistics statistics) {
        return exceptions(statistics) + statistics.hypercalls() + statistics.emulated();
    }

    private static long exceptions(final Statistics statistics) {
        long all = 0;
        for (int vector = 0; vector < VECTORS; vector++) {
            all += statistics.exceptions(vector);
        }
        return all;
    }

    /// Without what differs each time.
    private static String reason(final Ending ending) {
        if (ending.kind() != Ending.Kind.CRASHED) {
            return "";
        }
        final String text = ending.text();
        final int addresses = text.indexOf("; rip");
        return (addresses < 0 ? text : text.substring(0, addresses))
                .replace("domain crashed: ", "")
                .replaceAll(" \\(.*", "");
    }

    private static byte[] image(final String name) {
        final String path = "/org/provisor/refine/kernels/" + name + ".elf";
        try (InputStream in = HostileKernel.class.getResourceAsStream(path)) {
            return Objects.requireNonNull(in, path).readAllBytes();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
