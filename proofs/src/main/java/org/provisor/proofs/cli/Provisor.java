// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;

/// The command `provisor`. Every other command is listed in `subcommands` here.
@Command(
        name = "provisor",
        description = "Judges a Xen-compatible hypervisor by an executable specification.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.Provider.class,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            ExitCode.FINE + ":fine",
            ExitCode.FINDING + ":something was found",
            ExitCode.BAD_INPUT + ":bad input",
            ExitCode.FAULT + ":could not finish, through a fault that is not yours"
        },
        subcommands = {
            CertifyCommand.class,
            VerifyEvidenceCommand.class,
            BookCommand.class,
            CampaignCommand.class,
            ConformCommand.class,
            FuzzCpuCommand.class,
            HostileCommand.class,
            RunCommand.class,
            BenchCommand.class,
            ReplayCommand.class,
            Explore.class,
            CoverageCommand.class,
            ModelCommand.class,
            ProveCommand.class,
            Seeded.class,
            MutateCommand.class,
            VacuityCommand.class,
            McdcCommand.class,
            StatementsCommand.class,
            RecallCommand.class,
            MemberCommand.class
        })
public final class Provisor implements Callable<Integer> {

    public static void main(String[] args) {
        System.exit(run(commandLine(), args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Provisor())
                .setParameterExceptionHandler(Provisor::refuse)
                .setExecutionExceptionHandler(Provisor::fail);
    }

    /// Runs a command and says how it ended, whatever happens.
    static int run(CommandLine line, String... args) {
        try {
            return line.execute(args);
        } catch (OutOfMemoryError e) {
            say(line.getErr(), "out of memory; PROVISOR_JAVA_OPTIONS=-Xmx<size> gives it more");
            return ExitCode.FAULT;
        } catch (Error e) {
            return fault(line.getErr(), e);
        }
    }

    /// Without a command there is nothing to do.
    @Override
    public Integer call() {
        throw new BadInput("no command given; see 'provisor --help'");
    }

    private static int refuse(ParameterException e, String[] args) {
        CommandSpec spec = e.getCommandLine().getCommandSpec();
        String hint = "see '" + spec.qualifiedName() + " --help'";
        if (e instanceof UnmatchedArgumentException u && !u.getSuggestions().isEmpty()) {
            hint = "did you mean " + String.join(" or ", u.getSuggestions()) + "? " + hint;
        }
        say(e.getCommandLine().getErr(), e.getMessage() + "; " + hint);
        return ExitCode.BAD_INPUT;
    }

    private static int fail(Exception e, CommandLine line, ParseResult parsed) {
        if (e instanceof BadInput) {
            say(line.getErr(), e.getMessage());
            return ExitCode.BAD_INPUT;
        }
        return fault(line.getErr(), e);
    }

    /// A fault of our own: whoever has to find it needs the trace.
    private static int fault(PrintWriter err, Throwable e) {
        say(err, "internal error: " + e);
        e.printStackTrace(err);
        err.flush();
        return ExitCode.FAULT;
    }

    private static void say(PrintWriter err, @Nullable String message) {
        err.println("provisor: " + Objects.toString(message).replaceAll("\\s*\\R\\s*", " "));
        err.flush();
    }
}
