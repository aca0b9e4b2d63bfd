// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import org.jspecify.annotations.Nullable;
import org.provisor.impl.build.BadImageException;
import org.provisor.impl.build.PvKernel;
import org.provisor.impl.cpu.CpuFeatures;
import org.provisor.impl.launch.Clock;
import org.provisor.impl.launch.Ending;
import org.provisor.impl.launch.EngineKind;
import org.provisor.impl.launch.PvMachine;
import org.provisor.impl.memory.MemoryUnavailableException;
import org.provisor.refine.run.CallDiffersException;
import org.provisor.refine.run.CallJudge;
import org.provisor.refine.run.Check;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `provisor run`: a paravirtual kernel on the implementation.
@Command(
        name = "run",
        description = {
            "Runs a 64-bit paravirtual kernel for Xen, an ELF file, as the first domain of a"
                    + " machine. What runs often is translated to the Java virtual machine's code.",
            "",
            "What the kernel writes to its console comes out on standard output; all else, and how"
                + " the domain ended, on standard error. There are no devices and no events yet.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            ExitCode.FINE + ":the domain powered off",
            ExitCode.FINDING + ":it crashed, or said that it did, or --check found a difference",
            ExitCode.BAD_INPUT + ":bad input, or an image that is no such kernel",
            ExitCode.FAULT + ":could not finish, through a fault that is not yours",
            RunCommand.REBOOT + ":the domain wants to be started again",
            RunCommand.SUSPEND + ":it is suspended",
            RunCommand.WATCHDOG + ":its watchdog ended it",
            RunCommand.SOFT_RESET + ":it wants a soft reset",
            RunCommand.OTHER + ":it shut down for another reason",
            RunCommand.ASLEEP + ":it waits for what never comes",
            RunCommand.LIMIT + ":it has carried out as many instructions as allowed"
        })
final class RunCommand implements Callable<Integer> {

    static final int REBOOT = 4;
    static final int SUSPEND = 5;
    static final int WATCHDOG = 6;
    static final int SOFT_RESET = 7;
    static final int OTHER = 8;
    static final int ASLEEP = 9;
    static final int LIMIT = 10;

    private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{0,11})([KMG])");
    private static final long PAGE = 4096;
    private static final long MOST_BYTES = Integer.MAX_VALUE - 8;
    private static final int COMMAND_LINE_BYTES = 1023;

    @Spec private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "KERNEL", description = "The kernel: an ELF file with notes of Xen.")
    private Path kernel = Path.of("");

    @Option(
            names = "--module",
            paramLabel = "FILE",
            description = "A file that the kernel finds in its memory.")
    private @Nullable Path module;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            description = "The domain's memory, like 65536K, 256M or 2G (default: 256M).")
    private String memory = "256M";

    @Option(
            names = "--vcpus",
            paramLabel = "N",
            description = {
                "How many vCPUs the domain has, 1 to 32 (default: 1). It starts on the first, and"
                        + " brings the others up itself. Each runs on a thread of its own, and"
                        + " memory is ordered for them as on an x86 processor; with --deterministic"
                        + " they take turns, 10000 instructions each."
            })
    private String vcpus = "1";

    @Option(
            names = "--args",
            paramLabel = "TEXT",
            description = "The kernel's command line, at most 1023 bytes.")
    private String arguments = "";

    @Option(
            names = "--instructions",
            paramLabel = "N",
            description =
                    "Ends the domain once it has carried out so many; several vCPUs at the same"
                            + " time may carry out some millions more.")
    private @Nullable Long instructions;

    @Option(
            names = "--check",
            paramLabel = "HOW",
            description =
                    "Has the specification judge the domain's hypercalls and writes to page tables"
                        + " while it runs: full, each, with all that it touches, and 16 other"
                        + " frames after each in turn, so that what it should not have touched is"
                        + " found when as many were judged as the machine has frames, divided by"
                        + " 16, at the latest; exact, each, with all frames after each, which takes"
                        + " long; sampled, the first 64 of each number and 64 in a row out of 4096;"
                        + " off, none (default: ${DEFAULT-VALUE}). All frames are looked at after"
                        + " the first 64 of each number, before what is not judged, and in the end."
                        + " A difference ends the domain.")
    private String check = Check.OFF.word();

    @Option(
            names = "--engine",
            paramLabel = "ENGINE",
            description = {
                "What carries out instructions: ${COMPLETION-CANDIDATES} (default:"
                        + " ${DEFAULT-VALUE}). Both do the same and count the same; the interpreter"
                        + " translates nothing and is many times slower."
            })
    private Engine engine = Engine.translator;

    @Option(
            names = "--cpuid",
            paramLabel = "FEATURES",
            description =
                    "What the domain's processor has, as Xen's option dom0-cpuid= says it: no-NAME"
                            + " leaves a feature out, commas between several, like"
                            + " no-sse4-2,no-aesni. What needs it is left out too, cpuid does not"
                            + " name it, and its instructions are #UD (default: all that there"
                            + " is).")
    private @Nullable String cpuid;

    @Option(
            names = "--deterministic",
            description =
                    "Has the guest's time pass by its instructions, a nanosecond each: what it does"
                            + " is the same each time. --check and --trace need it if there are"
                            + " several vCPUs.")
    private boolean deterministic;

    @Option(
            names = "--trace",
            paramLabel = "FILE",
            description =
                    "Writes to a file what stops the guest, a line each: after how many"
                        + " instructions, which hypercall with which arguments and what came of it,"
                        + " or which exception and where.")
    private @Nullable Path trace;

    @Option(
            names = "--stats",
            description = "Says at the end what the domain has done, and how fast.")
    private boolean stats;

    /// As it is written on the command line.
    private enum Engine {
        interpreter(EngineKind.INTERPRETER),
        translator(EngineKind.TRANSLATOR);

        private final EngineKind kind;

        Engine(EngineKind kind) {
            this.kind = kind;
        }
    }

    @Override
    public Integer call() {
        final long limit = instructions == null ? Long.MAX_VALUE / 2 : instructions;
        if (limit < 1) {
            throw new BadInput("--instructions must be 1 or more, not " + limit);
        }
        if (arguments.getBytes(StandardCharsets.UTF_8).length > COMMAND_LINE_BYTES) {
            throw new BadInput("--args must have at most " + COMMAND_LINE_BYTES + " bytes");
        }
        final Check judged = Check.of(check);
        if (judged == null) {
            throw new BadInput("--check must be full, exact, sampled or off, not " + check);
        }
        final PvMachine.Vcpus amount = vcpus();
        if (amount.together() && judged != Check.OFF) {
            throw new BadInput(
                    "--check judges one call at a time: with several vCPUs it needs"
                            + " --deterministic");
        }
        if (amount.together() && trace != null) {
            throw new BadInput("--trace with several vCPUs needs --deterministic");
        }
        final long pages = pages();
        final byte[] file = bytes(kernel);
        final byte[] data = module == null ? new byte[0] : bytes(module);
        final var line = Objects.requireNonNull(spec).commandLine();
        final Clock real = Clock.real();
        final Clock clock = deterministic ? Clock.ofInstructions() : real;
        final long started = System.currentTimeMillis();
        final ConsoleText console = new ConsoleText(line.getOut());
        try (GuestTrace written = trace == null ? null : GuestTrace.to(trace);
                PvMachine machine =
                        PvMachine.start(
                                new PvKernel(file),
                                data,
                                arguments,
                                PvMachine.Role.FIRST_DOMAIN,
                                PvMachine.Memory.of(pages),
                                console,
                                clock,
                                engine.kind,
                                amount)) {
            final PrintWriter err = line.getErr();
            if (written != null) {
                machine.observe(written);
            }
            final CallJudge judge = judged.judge(machine);
            final long began = real.nanos();
            final Ending ending;
            try {
                ending = machine.run(limit);
                if (judge != null) {
                    judge.finish();
                }
            } catch (CallDiffersException e) {
                console.end();
                err.println("provisor: " + e.getMessage());
                err.flush();
                return ExitCode.FINDING;
            }
            final long nanos = real.nanos() - began;
            console.end();
            if (written != null) {
                written.end();
            }
            if (ending.kind() != Ending.Kind.SHUTDOWN || ending.reason() != Ending.POWEROFF) {
                err.println("provisor: " + ending.text());
            }
            if (stats) {
                err.print(
                        RunStatistics.text(
                                machine.statistics(), nanos, deterministic ? 0 : started));
                if (judge != null) {
                    err.print(RunStatistics.text(judge));
                }
            }
            err.flush();
            return code(ending);
        } catch (BadImageException e) {
            throw new BadInput(kernel + ": " + e.getMessage());
        } catch (MemoryUnavailableException e) {
            throw new BadInput("--memory " + memory + ": " + e.getMessage());
        }
    }

    private static int code(Ending ending) {
        return switch (ending.kind()) {
            case CRASHED -> ExitCode.FINDING;
            case ASLEEP -> ASLEEP;
            case LIMIT -> LIMIT;
            case SHUTDOWN ->
                    switch (ending.reason()) {
                        case Ending.POWEROFF -> ExitCode.FINE;
                        case Ending.REBOOT -> REBOOT;
                        case Ending.SUSPEND -> SUSPEND;
                        case Ending.CRASH -> ExitCode.FINDING;
                        case Ending.WATCHDOG -> WATCHDOG;
                        case Ending.SOFT_RESET -> SOFT_RESET;
                        default -> OTHER;
                    };
        };
    }

    private PvMachine.Vcpus vcpus() {
        final int most = PvMachine.Vcpus.MOST;
        if (!vcpus.matches("[1-9][0-9]?") || Integer.parseInt(vcpus) > most) {
            throw new BadInput("--vcpus must be 1 to " + most + ", not " + vcpus);
        }
        return new PvMachine.Vcpus(Integer.parseInt(vcpus), !deterministic, features());
    }

    private CpuFeatures features() {
        try {
            return cpuid == null ? CpuFeatures.ALL : CpuFeatures.parse(cpuid);
        } catch (IllegalArgumentException e) {
            throw new BadInput("--cpuid " + cpuid + ": " + e.getMessage());
        }
    }

    private long pages() {
        final Matcher matcher = SIZE.matcher(memory.toUpperCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new BadInput("--memory must be like 65536K, 256M or 2G, not " + memory);
        }
        final int shift =
                switch (matcher.group(2)) {
                    case "K" -> 10;
                    case "M" -> 20;
                    default -> 30;
                };
        final long pages = (Long.parseLong(matcher.group(1)) << shift) / PAGE;
        if (pages < 1 || pages > PvMachine.maxPages()) {
            throw new BadInput(
                    "--memory must be 4K to %dM, not %s"
                            .formatted((PvMachine.maxPages() * PAGE) >> 20, memory));
        }
        return pages;
    }

    private static byte[] bytes(Path file) {
        try {
            if (!Files.exists(file)) {
                throw new BadInput("there is no file " + file);
            }
            if (!Files.isRegularFile(file)) {
                throw new BadInput(file + " is not a file");
            }
            if (Files.size(file) > MOST_BYTES) {
                throw new BadInput(file + " is too large: " + Files.size(file) + " bytes");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new BadInput(file + " cannot be read: " + e.getMessage());
        }
    }
}
