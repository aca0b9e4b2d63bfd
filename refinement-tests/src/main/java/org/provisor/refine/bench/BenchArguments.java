// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.bench;

import java.util.List;
import java.util.stream.Collectors;

/// What the benchmark kernel is told on its command line.
///
/// @param kernels what to run
/// @param batches how many batches of each
/// @param windowNanos how long a batch is to take, at least
/// @param units how many units a batch is to have, whatever it takes; 0 leaves it to the kernel
record BenchArguments(List<BenchKernel> kernels, int batches, long windowNanos, long units) {

    private static final long MICROSECOND = 1000;

    BenchArguments {
        kernels = List.copyOf(kernels);
    }

    String text() {
        String names = kernels.stream().map(BenchKernel::name).collect(Collectors.joining("+"));
        String size =
                units == 0 ? "window=" + Math.max(1, windowNanos / MICROSECOND) : "units=" + units;
        return "batches=" + batches + " " + size + " kernels=" + names;
    }
}
