// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.statements;

import org.jacoco.core.analysis.Analyzer;
import org.jacoco.core.analysis.CoverageBuilder;
import org.jacoco.core.analysis.IBundleCoverage;
import org.jacoco.core.analysis.ICounter;
import org.jacoco.core.analysis.ILine;
import org.jacoco.core.analysis.IPackageCoverage;
import org.jacoco.core.analysis.ISourceFileCoverage;
import org.jacoco.core.data.ExecutionDataStore;
import org.jacoco.core.data.SessionInfoStore;
import org.jacoco.core.instr.Instrumenter;
import org.jacoco.core.runtime.IRuntime;
import org.jacoco.core.runtime.LoggerRuntime;
import org.jacoco.core.runtime.RuntimeData;
import org.provisor.proofs.mcdc.Drive.Listener;
import org.provisor.proofs.mcdc.McdcCheck;
import org.provisor.proofs.seeded.SeededException;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// Statement and branch coverage of the specification's rules and of the implementation's memory
/// management, by JaCoCo: what the worked examples, the kept traces, a kernel and campaigns of one
/// and two vCPUs execute, the same as for MC/DC.
///
/// What the compiler makes of its own, such as the methods of records, does not count.
public final class StatementCheck {

    /// How many steps the campaigns have.
    public static final long STEPS = McdcCheck.STEPS;

    /// How many of a module's lines have to be executed, in hundredths.
    private static final Map<String, Integer> ENOUGH = Map.of("spec", 98, "impl", 97);

    private final Map<String, Map<String, byte[]>> classes;

    public StatementCheck() {
        this(McdcCheck.classes());
    }

    /// The same of other classes, by module and name.
    StatementCheck(Map<String, Map<String, byte[]>> classes) {
        this.classes = classes;
    }

    /// How much of a module is executed.
    ///
    /// @param lines how many lines it has that do something
    /// @param executed how many of them are, at least in part
    /// @param branches how many ways its branches have
    /// @param taken how many of them were gone
    public record Figures(int lines, int executed, int branches, int taken) {

        /// Whether enough is.
        ///
        /// @param module whose figures these are
        public boolean enough(String module) {
            return 100L * executed >= (long) hundredths(module) * lines;
        }
    }

    /// A line that is not executed, or not each way.
    ///
    /// @param module such as `impl`
    /// @param file the path within the module's sources
    /// @param missed how many ways of its branches were never gone; 0 if it was never come to
    /// @param ways how many there are
    public record Line(String module, String file, int number, int missed, int ways) {

        /// Whether it was never come to.
        public boolean never() {
            return missed == 0;
        }
    }

    /// What came of it.
    ///
    /// @param runs what was run
    /// @param figures by module
    /// @param lines those that are missing something, by module, file and number
    /// @param report what can be written down
    public record Result(
            McdcCheck.Runs runs,
            Map<String, Figures> figures,
            List<Line> lines,
            CoverageReport report) {

        /// Whether enough is executed of each module.
        public boolean fine() {
            return figures.entrySet().stream()
                    .allMatch(each -> each.getValue().enough(each.getKey()));
        }
    }

    /// How many of a module's lines have to be executed, in hundredths.
    public static int hundredths(String module) {
        return Objects.requireNonNull(ENOUGH.get(module));
    }

    /// Runs everything, and counts.
    ///
    /// @param traces programs that were kept, by name
    /// @param seed what the campaigns make their programs up from
    /// @param steps how many steps they have; none if 0
    /// @param listener is told of what the campaign does
    /// @throws SeededException if something did not come out as it should
    public Result run(Map<String, String> traces, long seed, long steps, Listener listener)
            throws InterruptedException {
        IRuntime runtime = new LoggerRuntime();
        RuntimeData data = new RuntimeData();
        Map<String, byte[]> counted = counted(runtime);
        McdcCheck.Runs runs;
        try {
            runtime.startup(data);
            runs = McdcCheck.runs(counted, 0, traces, seed, steps, listener);
        } catch (InterruptedException | SeededException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        } finally {
            runtime.shutdown();
        }
        ExecutionDataStore executed = new ExecutionDataStore();
        data.collect(executed, new SessionInfoStore(), false);
        return counted(runs, executed);
    }

    private Map<String, byte[]> counted(IRuntime runtime) {
        Instrumenter instrumenter = new Instrumenter(runtime);
        Map<String, byte[]> counted = new TreeMap<>();
        classes.values()
                .forEach(module ->
                        module.forEach((name, bytes) -> {
                            try {
                                counted.put(name, instrumenter.instrument(bytes, name));
                            } catch (IOException e) {
                                throw new IllegalStateException(name, e);
                            }
                        }));
        return counted;
    }

    private Result counted(McdcCheck.Runs runs, ExecutionDataStore executed) {
        Map<String, Figures> figures = new TreeMap<>();
        List<Line> lines = new ArrayList<>();
        List<IBundleCoverage> bundles = new ArrayList<>();
        for (Map.Entry<String, Map<String, byte[]>> module : classes.entrySet()) {
            IBundleCoverage bundle = bundle(module.getKey(), module.getValue(), executed);
            bundles.add(bundle);
            ICounter all = bundle.getLineCounter();
            ICounter ways = bundle.getBranchCounter();
            figures.put(
                    module.getKey(),
                    new Figures(
                            all.getTotalCount(),
                            all.getCoveredCount(),
                            ways.getTotalCount(),
                            ways.getCoveredCount()));
            for (IPackageCoverage each : bundle.getPackages()) {
                each.getSourceFiles().forEach(file -> add(module.getKey(), file, lines));
            }
        }
        lines.sort(
                Comparator.comparing(Line::module)
                        .thenComparing(Line::file)
                        .thenComparingInt(Line::number));
        return new Result(runs, figures, lines, new CoverageReport(bundles, executed));
    }

    private static IBundleCoverage bundle(
            String module, Map<String, byte[]> classes, ExecutionDataStore executed) {
        CoverageBuilder builder = new CoverageBuilder();
        Analyzer analyzer = new Analyzer(executed, builder);
        classes.forEach((name, bytes) -> {
            try {
                analyzer.analyzeClass(bytes, name);
            } catch (IOException e) {
                throw new IllegalStateException(name, e);
            }
        });
        return builder.getBundle(module);
    }

    private static void add(String module, ISourceFileCoverage file, List<Line> lines) {
        String path = file.getPackageName() + "/" + file.getName();
        for (int number = file.getFirstLine(); number <= file.getLastLine(); number++) {
            ILine line = file.getLine(number);
            if (line.getInstructionCounter().getTotalCount() == 0) {
                continue;
            }
            boolean never = line.getInstructionCounter().getCoveredCount() == 0;
            ICounter ways = line.getBranchCounter();
            if (never || ways.getMissedCount() > 0) {
                int missed = never ? 0 : ways.getMissedCount();
                lines.add(new Line(module, path, number, missed, ways.getTotalCount()));
            }
        }
    }
}
