// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

import java.util.SplittableRandom;

/// Numbers at which something changes.
final class Values {

    private Values() {}

    /// Near a power of two, small, all ones, or anything; of any width.
    static long edge(final SplittableRandom random) {
        return switch (random.nextInt(8)) {
            case 0 -> random.nextInt(4) - 1L;
            case 1 -> (1L << random.nextInt(64)) + random.nextInt(3) - 1;
            case 2 -> -(1L << random.nextInt(64)) + random.nextInt(3) - 1;
            case 3 -> random.nextInt(256);
            case 4 -> random.nextInt();
            case 5 -> {
                final long pattern = random.nextInt(256) * 0x0101010101010101L;
                yield random.nextBoolean() ? pattern : random.nextLong() & pattern;
            }
            default -> random.nextLong();
        };
    }
}
