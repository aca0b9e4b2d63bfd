// SPDX-License-Identifier: Apache-2.0
package org.provisor.model.bridge;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/// How much of each model is bridged, in both directions.
public final class Bridge {

    private static final long SEED = 1;

    private static final int BUILD_REPLAYED = 160;
    private static final int BUILD_ASKED = 160;

    private static final int FULL_REPLAYED_SMALL = 6000;
    private static final int FULL_REPLAYED = 8000;
    private static final int FULL_ASKED = 12_000;

    private Bridge() {}

    /// A part of it. It is told how many transitions are done.
    public interface Part {
        Bridged run(LongConsumer progress);
    }

    /// What every build bridges of a model: some hundred instances of three frames, and the first
    /// machines of a world of three.
    public static List<Part> build(Concern concern) {
        return List.of(
                progress -> Replay.run(concern, 3, BUILD_REPLAYED, SEED, progress),
                progress -> SmallWorld.run(concern, 3, BUILD_ASKED, progress));
    }

    /// What the full suite bridges: thousands of instances of three frames and of four, the whole
    /// world of two frames, and the first machines of a world of three.
    public static List<Part> full(Concern concern) {
        List<Part> parts = new ArrayList<>();
        parts.add(progress -> Replay.run(concern, 3, FULL_REPLAYED_SMALL, SEED, progress));
        parts.add(progress -> Replay.run(concern, 4, FULL_REPLAYED, SEED, progress));
        parts.add(progress -> SmallWorld.run(concern, 2, Long.MAX_VALUE, progress));
        parts.add(progress -> SmallWorld.run(concern, 3, FULL_ASKED, progress));
        return parts;
    }
}
