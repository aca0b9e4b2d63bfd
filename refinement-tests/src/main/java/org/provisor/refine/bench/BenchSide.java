// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.bench;

import java.util.List;
import java.util.Map;

/// A hypervisor that can run the benchmark kernel.
interface BenchSide {

    /// What one run has measured.
    ///
    /// @param nothing nanoseconds of batches in which nothing was done
    /// @param reasons why kernels were not run, by name
    record Measured(List<Batch> batches, List<Long> nothing, Map<String, String> reasons) {}

    /// Runs it from its start to its end.
    ///
    /// @param told called when a batch is done
    /// @throws BenchFailedException if it crashes, hangs, or is wrong
    Measured run(BenchArguments arguments, Runnable told);
}
