// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.coverage;

import org.provisor.proofs.explore.Exploration;
import org.provisor.proofs.explore.Progress;
import org.provisor.proofs.smallworld.Group;
import org.provisor.proofs.smallworld.GuestContents;
import org.provisor.proofs.smallworld.SmallWorld;
import org.provisor.proofs.smallworld.WorldSize;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/// The small worlds that are explored to see rows decide: each rich in something else.
public final class ExploredWorlds {

    private static final List<WorldSize> WORLDS =
            List.of(
                    WorldSize.of(
                            3,
                            2,
                            EnumSet.of(
                                    Group.PINS,
                                    Group.ENTRIES,
                                    Group.ROOTS,
                                    Group.PAGES,
                                    Group.STRICT,
                                    Group.DEATH),
                            GuestContents.ONE),
                    WorldSize.of(
                            3,
                            2,
                            EnumSet.of(Group.PINS, Group.DEATH, Group.FOREIGN),
                            GuestContents.ONE),
                    WorldSize.of(
                            3,
                            1,
                            EnumSet.complementOf(EnumSet.of(Group.SECOND)),
                            GuestContents.EMPTY));

    private ExploredWorlds() {}

    /// How often each row decided. What is broken is not looked at here.
    ///
    /// @param nanos how long all worlds together may take
    /// @param progress told of each world's progress
    public static Map<String, Long> rows(
            final long nanos, final int jobs, final Consumer<Progress> progress) {
        final Map<String, Long> seen = new TreeMap<>();
        final long end = System.nanoTime() + nanos;
        for (int i = 0; i < WORLDS.size(); i++) {
            final SmallWorld world = new SmallWorld(WORLDS.get(i));
            final long left = Math.max(0, end - System.nanoTime());
            new Exploration(world)
                    .jobs(jobs)
                    .keepGoing()
                    .budgetNanos(left / (WORLDS.size() - i))
                    .progress(progress)
                    .run();
            world.rows().forEach((row, count) -> seen.merge(row, count, Long::sum));
        }
        return seen;
    }

    /// The worlds in words.
    public static List<String> text() {
        return WORLDS.stream().map(WorldSize::text).toList();
    }
}
