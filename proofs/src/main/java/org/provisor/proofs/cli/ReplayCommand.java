// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.harness.ImplSubject;
import org.provisor.refine.harness.SpecSubject;
import org.provisor.refine.harness.Subject;
import org.provisor.refine.harness.Switches;
import org.provisor.refine.harness.Verdict;
import org.provisor.refine.program.Program;
import org.provisor.refine.trace.Replay;
import org.provisor.refine.trace.TraceException;
import org.provisor.refine.trace.TraceText;
import org.provisor.refine.xen.XenLostException;
import org.provisor.refine.xen.XenSubject;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;

/// The command `provisor replay`.
@Command(
        name = "replay",
        description = {
            "Runs a trace again and says what came of each step, up to the first difference between"
                    + " the specification and the implementation, or the specification and a real"
                    + " Xen."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            ExitCode.FINE + ":no difference",
            ExitCode.FINDING + ":a difference, or an invariant does not hold",
            ExitCode.BAD_INPUT + ":bad input",
            ExitCode.FAULT + ":could not finish, through a fault that is not yours"
        })
final class ReplayCommand implements Callable<Integer> {

    private static final List<String> SUBJECTS = List.of("spec", "impl", "xen", "probe");

    @Spec private @Nullable CommandSpec spec;

    @Parameters(
            paramLabel = "TRACE",
            arity = "1",
            description = "The trace, in the format that refinement-tests/README.md describes.")
    private @Nullable Path trace;

    @Option(
            names = "--on",
            paramLabel = "SUBJECTS",
            split = ",",
            description =
                    "spec, for the specification alone, or what it is compared with beside it, one"
                            + " after the other: impl, the implementation; xen, a real Xen; probe,"
                            + " the implementation below the kernel that runs below a real Xen"
                            + " (default: spec,impl).")
    private List<String> on = new ArrayList<>(List.of("spec", "impl"));

    @Option(
            names = "--rows",
            description = "Shows which rows of the specification decided, in their order.")
    private boolean rows;

    @Option(names = "--quiet", description = "Shows no steps, only how it ended.")
    private boolean quiet;

    @Option(
            names = "--touched",
            description =
                    "Compares after each step only what it touched, as a campaign does, and"
                            + " everything at the end; not everything after each step.")
    private boolean touched;

    @Mixin private final XenOptions xen = new XenOptions();

    @Override
    public Integer call() {
        Path file = Objects.requireNonNull(trace);
        check();
        try {
            Program program = TraceText.parse(file.toString(), read(file));
            int code = ExitCode.FINE;
            for (String name : SUBJECTS) {
                if (on.contains(name) && (!name.equals("spec") || on.size() == 1)) {
                    code = Math.max(code, replay(program, name));
                }
            }
            return code;
        } catch (TraceException | IllegalArgumentException e) {
            throw new BadInput(String.valueOf(e.getMessage()));
        }
    }

    private int replay(Program program, String name) {
        try (Subject subject = subject(name)) {
            if (on.size() > 2) {
                out().println("on spec," + name);
            }
            return ended(Replay.run(program, subject, this::show));
        } catch (XenLostException e) {
            out().printf("Xen does not start: %s%n", e.getMessage());
            out().flush();
            return ExitCode.FINDING;
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new BadInput("cannot read " + file + " as text");
        }
    }

    private void check() {
        on = new ArrayList<>(new LinkedHashSet<>(on));
        for (String name : on) {
            if (!SUBJECTS.contains(name)) {
                throw new BadInput(
                        "--on must be spec, with impl, xen or probe beside it, not " + name);
            }
        }
        if (!on.contains("spec")) {
            throw new BadInput(
                    on.get(0) + " is run only beside what judges it: --on spec," + on.get(0));
        }
    }

    private Subject subject(String name) {
        return switch (name) {
            case "impl" -> new ImplSubject(touched ? Switches.ALL : Switches.THOROUGH);
            case "probe" -> new XenSubject(XenSubject.OWN, !touched);
            case "xen" -> new XenSubject(xen.setups().get(0), !touched);
            default -> new SpecSubject();
        };
    }

    private void show(Replay.Step step) {
        if (quiet) {
            return;
        }
        out().println(step.number() + "  " + TraceText.print(step.action()));
        String came =
                switch (step.verdict()) {
                    case Verdict.Agreed agreed -> agreed(step, agreed);
                    case Verdict.Unspecified unspecified ->
                            "not specified: " + unspecified.reason();
                    case Verdict.Differs differs -> "DIFFERS in " + differs.part();
                };
        if (!came.isEmpty()) {
            out().println("     " + came);
        }
        if (rows && step.verdict() instanceof Verdict.Agreed agreed) {
            agreed.rows().reverse().forEach(row -> out().println("       " + row));
        }
        out().flush();
    }

    private static String agreed(Replay.Step step, Verdict.Agreed agreed) {
        if (step.answer() == null) {
            return "";
        }
        String attempts = agreed.steps() == 1 ? "" : ", after " + agreed.steps() + " attempts";
        return Replay.text(step.answer()) + attempts;
    }

    private int ended(Verdict verdict) {
        if (verdict instanceof Verdict.Differs differs) {
            out().println("difference in " + differs.part() + ", clause " + differs.clause());
            differs.explanation().lines().forEach(line -> out().println("  " + line));
            out().flush();
            return ExitCode.FINDING;
        }
        out().println(on.size() > 1 ? "no difference" : "the invariants hold");
        out().flush();
        return ExitCode.FINE;
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }
}
