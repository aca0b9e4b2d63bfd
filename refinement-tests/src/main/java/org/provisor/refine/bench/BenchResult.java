// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.bench;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.run.Check;

import java.util.List;
import java.util.Objects;

/// What was measured, kernel by kernel.
///
/// @param check what was judged where it was measured once more
/// @param windowNanos how long a batch was to take
public record BenchResult(
        List<Row> rows, boolean withPeer, Check check, int rounds, long windowNanos) {

    public BenchResult {
        rows = List.copyOf(rows);
    }

    /// One kernel.
    ///
    /// @param checked ours while hypercalls are judged
    public record Row(BenchKernel kernel, Figures ours, Figures peer, Figures checked) {

        /// How many times as long it takes while hypercalls are judged, or NaN.
        public double times() {
            return checked.median() / ours.median();
        }

        /// The peer's time to ours, or NaN.
        public double ratio() {
            return peer.median() / ours.median();
        }

        /// Whether the ratio is as wanted; null if there is none, or none is wanted.
        public @Nullable Boolean reached() {
            double ratio = ratio();
            return (kernel.bar() == 0 || Double.isNaN(ratio)) ? null : ratio >= kernel.bar();
        }
    }

    /// What one side took for one operation, in nanoseconds, a batch each; in order.
    ///
    /// @param guest the same by the guest's clock
    /// @param reason why there are none, or null
    public record Figures(List<Double> nanos, List<Double> guest, @Nullable String reason) {

        /// Of a side that there is not.
        static final Figures NONE = new Figures(List.of(), List.of(), null);

        public Figures {
            nanos = nanos.stream().sorted().toList();
            guest = guest.stream().sorted().toList();
        }

        /// NaN if there are none.
        public double median() {
            return quantile(nanos, 0.5);
        }

        public double lowerQuartile() {
            return quantile(nanos, 0.25);
        }

        public double upperQuartile() {
            return quantile(nanos, 0.75);
        }

        /// By how much the guest's clock and the host's disagree: 0.1 is a tenth.
        public double clocksApart() {
            return Math.abs(quantile(guest, 0.5) / median() - 1);
        }
    }

    /// The value below which such a part of them is, between two of them if need be.
    ///
    /// @param sorted in order
    static double quantile(List<Double> sorted, double part) {
        if (sorted.isEmpty()) {
            return Double.NaN;
        }
        double at = part * (sorted.size() - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.size() - 1);
        return sorted.get(below) + (at - below) * (sorted.get(above) - sorted.get(below));
    }

    /// The geometric mean of the ratios of kernels that only carry out instructions, as far as both
    /// sides ran them; NaN if there are none.
    public double mean() {
        return Math.exp(
                rows.stream()
                        .filter(row -> !row.kernel().hypervisor())
                        .mapToDouble(Row::ratio)
                        .filter(ratio -> !Double.isNaN(ratio))
                        .map(Math::log)
                        .average()
                        .orElse(Double.NaN));
    }

    /// How many kernels of instructions there are, and how many of them the mean is of.
    public String meanOf() {
        List<Row> all = rows.stream().filter(row -> !row.kernel().hypervisor()).toList();
        long both = all.stream().filter(row -> !Double.isNaN(row.ratio())).count();
        return both + " of " + all.size();
    }

    /// The row of a kernel.
    public Row row(String name) {
        return Objects.requireNonNull(
                rows.stream()
                        .filter(row -> row.kernel().name().equals(name))
                        .findFirst()
                        .orElse(null),
                name);
    }
}
