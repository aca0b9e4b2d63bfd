// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.bench.BenchKernel;
import org.provisor.refine.bench.BenchPeer;
import org.provisor.refine.bench.BenchResult;
import org.provisor.refine.bench.BenchResult.Figures;
import org.provisor.refine.bench.BenchResult.Row;
import org.provisor.refine.run.Check;

import java.util.Formatter;
import java.util.List;
import java.util.Locale;

/// What was measured, as text and as JSON.
final class BenchText {

    /// From here on it is said that the guest's clock and the host's disagree.
    private static final double CLOCKS_APART = 0.05;

    private static final double MILLION = 1e6;

    private BenchText() {}

    static String text(BenchResult result) {
        StringBuilder text = new StringBuilder();
        Formatter into = new Formatter(text, Locale.ROOT);
        into.format("%-18s %-15s %29s", "kernel", "operation", "ours, ns (middle half)");
        if (result.withPeer()) {
            into.format(" %29s %7s  %s", "Xen, ns (middle half)", "ratio", "bar, aim");
        }
        if (result.check() != Check.OFF) {
            into.format(
                    " %29s %7s  %s", result.check().word() + ", ns (middle half)", "times", "most");
        }
        text.append('\n');
        for (Row row : result.rows()) {
            BenchKernel kernel = row.kernel();
            into.format("%-18s %-15s %29s", kernel.name(), kernel.operation(), figures(row.ours()));
            if (result.withPeer()) {
                into.format(" %29s %7s", figures(row.peer()), number(row.ratio()));
                if (kernel.bar() > 0) {
                    into.format("  %s", wanted(row.ratio(), kernel.bar(), kernel.aim()));
                }
            }
            if (result.check() != Check.OFF) {
                into.format(" %29s %7s", figures(row.checked()), number(row.times()));
                if (kernel.hypervisor()) {
                    into.format("  %s", most(row.times()));
                }
            }
            text.append('\n');
        }
        if (result.withPeer() && !Double.isNaN(result.mean())) {
            into.format(
                    "%-94s %7s  %s%n",
                    "geometric mean of instructions, " + result.meanOf() + " kernels",
                    number(result.mean()),
                    wanted(result.mean(), BenchKernel.MEAN_BAR, BenchKernel.MEAN_AIM));
        }
        for (Row row : result.rows()) {
            notes(into, row.kernel().name() + ", ours", row.ours());
            notes(into, row.kernel().name() + ", Xen", row.peer());
            notes(into, row.kernel().name() + ", checked", row.checked());
        }
        into.format(
                "medians of the batches of %d rounds; a batch takes about %.0f ms%n",
                result.rounds(), result.windowNanos() / MILLION);
        return text.toString();
    }

    private static String figures(Figures figures) {
        return figures.nanos().isEmpty()
                ? "not run"
                : number(figures.median())
                        + " ("
                        + number(figures.lowerQuartile())
                        + " - "
                        + number(figures.upperQuartile())
                        + ")";
    }

    /// Three digits, where there are three.
    private static String number(double value) {
        if (Double.isNaN(value)) {
            return "-";
        }
        String format = value < 1 ? "%.3f" : value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%,.0f";
        return String.format(Locale.ROOT, format, value);
    }

    private static String wanted(double ratio, double bar, double aim) {
        String how = Double.isNaN(ratio) ? "" : ratio >= bar ? " reached" : " missed";
        return String.format(Locale.ROOT, "%.1f, %.1f%s", bar, aim, how);
    }

    private static String most(double times) {
        String how =
                Double.isNaN(times) ? "" : times <= BenchKernel.MOST_TIMES ? " reached" : " missed";
        return String.format(Locale.ROOT, "%.1f%s", BenchKernel.MOST_TIMES, how);
    }

    private static void notes(Formatter into, String whose, Figures figures) {
        if (figures.reason() != null) {
            into.format("not run: %s: %s%n", whose, figures.reason());
        }
        if (figures.clocksApart() > CLOCKS_APART) {
            into.format(
                    "clocks: %s: the guest's says %.0f %% else than the host's%n",
                    whose, figures.clocksApart() * 100);
        }
    }

    static String json(BenchResult result, @Nullable BenchPeer peer, String qemu) {
        JsonObject all = new JsonObject();
        if (peer != null) {
            all.addProperty("xen", peer.xen().toString());
            all.addProperty("qemu", qemu);
        }
        all.addProperty("rounds", result.rounds());
        all.addProperty("window_ns", result.windowNanos());
        JsonArray kernels = new JsonArray();
        for (Row row : result.rows()) {
            JsonObject kernel = new JsonObject();
            kernel.addProperty("name", row.kernel().name());
            kernel.addProperty("operation", row.kernel().operation());
            kernel.add("ours", json(row.ours()));
            if (result.withPeer()) {
                kernel.add("peer", json(row.peer()));
                number(kernel, "ratio", row.ratio());
                kernel.addProperty("bar", row.kernel().bar());
                kernel.addProperty("aim", row.kernel().aim());
                if (row.reached() != null) {
                    kernel.addProperty("reached", row.reached());
                }
            }
            if (result.check() != Check.OFF) {
                kernel.add(result.check().word(), json(row.checked()));
                number(kernel, "times", row.times());
            }
            kernels.add(kernel);
        }
        all.add("kernels", kernels);
        if (result.withPeer()) {
            number(all, "geometric_mean", result.mean());
        }
        return new GsonBuilder().setPrettyPrinting().create().toJson(all) + "\n";
    }

    private static JsonObject json(Figures figures) {
        JsonObject side = new JsonObject();
        number(side, "median_ns", figures.median());
        side.add("batches_ns", numbers(figures.nanos()));
        side.add("guest_ns", numbers(figures.guest()));
        if (figures.reason() != null) {
            side.addProperty("not_run", figures.reason());
        }
        return side;
    }

    /// JSON has no NaN: it is left out.
    private static void number(JsonObject to, String name, double value) {
        if (!Double.isNaN(value)) {
            to.addProperty(name, value);
        }
    }

    private static JsonArray numbers(List<Double> values) {
        JsonArray array = new JsonArray();
        values.forEach(array::add);
        return array;
    }
}
