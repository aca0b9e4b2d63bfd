// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.run;

import org.provisor.impl.build.BadImageException;
import org.provisor.impl.build.PvKernel;
import org.provisor.impl.launch.Clock;
import org.provisor.impl.launch.Ending;
import org.provisor.impl.launch.EngineKind;
import org.provisor.impl.launch.PvMachine;

import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/// Runs the kernel whose vCPUs work on the same memory.
public final class TogetherRun implements Function<String, String> {

    private static final int PAGES = 2000;
    private static final long LIMIT = 100_000_000_000L;

    /// How it ended.
    ///
    /// @param text all that it said
    record Result(String text, Ending ending) {

        /// Whether it found nothing wrong.
        boolean fine() {
            return ending.kind() == Ending.Kind.SHUTDOWN
                    && ending.reason() == Ending.POWEROFF
                    && text.endsWith("done\n");
        }
    }

    /// Runs it.
    static Result of(
            final int vcpus,
            final boolean together,
            final EngineKind engine,
            final String arguments) {
        return of(vcpus, together, engine, arguments, Check.OFF);
    }

    /// Runs it, its vCPUs in turn, and has each call judged.
    static Result judged(final int vcpus, final String arguments) {
        return of(vcpus, false, EngineKind.TRANSLATOR, arguments, Check.FULL);
    }

    private static Result of(
            final int vcpus,
            final boolean together,
            final EngineKind engine,
            final String arguments,
            final Check check) {
        final StringBuilder said = new StringBuilder();
        try (PvMachine machine =
                PvMachine.start(
                        new PvKernel(Kernels.together()),
                        new byte[0],
                        arguments,
                        PvMachine.Role.FIRST_DOMAIN,
                        PvMachine.Memory.of(PAGES),
                        (bytes, count) ->
                                said.append(new String(bytes, 0, count, StandardCharsets.US_ASCII)),
                        together ? Clock.real() : Clock.ofInstructions(),
                        engine,
                        new PvMachine.Vcpus(vcpus, together))) {
            final CallJudge judge = check.judge(machine);
            final Ending ending = machine.run(LIMIT);
            if (judge != null) {
                judge.finish();
            }
            return new Result(said.toString(), ending);
        } catch (final BadImageException e) {
            throw new IllegalStateException(e);
        }
    }

    /// With two vCPUs at the same time.
    ///
    /// @param arguments the engine, then the kernel's
    /// @return what was wrong, or nothing
    @Override
    public String apply(final String arguments) {
        final String[] words = arguments.split(" ", 2);
        final Result result = of(2, true, EngineKind.valueOf(words[0]), words[1]);
        return result.fine() ? "" : result.ending().text() + '\n' + result.text();
    }
}
