// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.provisor.refine.xen.QemuXen;

import picocli.CommandLine;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;

final class RunCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir private Path directory = Path.of("");

    private int run(String... args) {
        CommandLine line = Provisor.commandLine();
        line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return Provisor.run(line, args);
    }

    private String kernel(String name) throws IOException {
        Path file = directory.resolve("kernel.elf");
        try (InputStream in = QemuXen.class.getResourceAsStream("/org/provisor/refine/" + name)) {
            Files.write(file, Objects.requireNonNull(in).readAllBytes());
        }
        return file.toString();
    }

    @Test
    void aKernelSaysHelloAndPowersOff() throws IOException {
        int code = run("run", kernel("kernels/hello.elf"), "--memory", "8M", "--stats");
        assertEquals(ExitCode.FINE, code, err.toString());
        assertTrue(out.toString().startsWith("hello\n"), out.toString());
        assertTrue(out.toString().endsWith("user mode: right\n"), out.toString());
        stat("reads a miss", "4.00");
        stat("  console_io", "17");
        stat("passed on: page fault", "1");
    }

    @Test
    void callsAreJudged() throws IOException {
        String kernel = kernel("kernels/hello.elf");
        int code = run("run", kernel, "--memory", "8M", "--stats", "--check", "full");
        assertEquals(ExitCode.FINE, code, err.toString());
        stat("hypercalls judged", "10");
        stat("hypercalls that could not be judged", "0");
        err.getBuffer().setLength(0);
        run("run", kernel, "--memory", "8M", "--stats", "--check", "off");
        assertFalse(err.toString().contains("judged"), err.toString());
    }

    @Test
    void aKernelRunsWithoutWhatItDoesNotUse() throws IOException {
        String[] options = {"run", kernel("kernels/hello.elf"), "--memory", "8M", "--cpuid", ""};
        options[5] = "no-fxsr,no-fpu,no-popcnt,no-bmi1,no-bmi2,no-abm,no-movbe";
        assertEquals(ExitCode.FINE, run(options), err.toString());
        options[5] = "no-cmov";
        assertEquals(ExitCode.FINE, run(options), err.toString());
    }

    /// The guest reads its clock all the time, and prints what it read.
    @Test
    void deterministicRunsAreTheSame() throws IOException {
        String first = bench("translator");
        assertEquals(first, bench("translator"));
        assertEquals(first, bench("interpreter"));
        assertTrue(first.contains("xen_version(0x0"), first);
        assertTrue(first.contains(" page fault at 0x"), first);
        assertTrue(first.contains(" iret\n"), first);
    }

    private String bench(String engine) throws IOException {
        out.getBuffer().setLength(0);
        Path trace = directory.resolve("trace.txt");
        int code =
                run(
                        "run",
                        kernel("kernels/bench.elf"),
                        "--memory",
                        "128M",
                        "--deterministic",
                        "--instructions",
                        "1000000",
                        "--args",
                        "kernels=xen-version+page-fault+user-syscall batches=1 window=100",
                        "--engine",
                        engine,
                        "--trace",
                        trace.toString());
        assertEquals(RunCommand.LIMIT, code, err.toString());
        return out + Files.readString(trace);
    }

    @Test
    void severalVcpusRunTogether() throws IOException {
        String kernel = kernel("kernels/together.elf");
        int code = run("run", kernel, "--vcpus", "2", "--args", "rounds=1", "--stats");
        assertEquals(ExitCode.FINE, code, err.toString());
        assertTrue(out.toString().endsWith("down and up: right\ndone\n"), out.toString());
        assertFalse(out.toString().contains("wrong"), out.toString());
    }

    @Test
    void severalVcpusTakeTurnsTheSameEachTime() throws IOException {
        String kernel = kernel("kernels/together.elf");
        String first = inTurn(kernel);
        assertEquals(first, inTurn(kernel));
        assertTrue(first.contains("numbers seen"), first);
    }

    private String inTurn(String kernel) throws IOException {
        out.getBuffer().setLength(0);
        Path trace = directory.resolve("trace.txt");
        int code =
                run(
                        "run",
                        kernel,
                        "--vcpus",
                        "3",
                        "--deterministic",
                        "--args",
                        "rounds=1 counts",
                        "--trace",
                        trace.toString());
        assertEquals(ExitCode.FINE, code, err.toString());
        return out + Files.readString(trace);
    }

    @Test
    void asManyVcpusAsThereCannotBe() throws IOException {
        String kernel = kernel("kernels/together.elf");
        for (String number : new String[] {"0", "33", "-1", "two", "", "1.5", "100"}) {
            err.getBuffer().setLength(0);
            assertEquals(ExitCode.BAD_INPUT, run("run", kernel, "--vcpus", number));
            assertEquals("provisor: --vcpus must be 1 to 32, not " + number + "\n", err.toString());
        }
    }

    @Test
    void callsThatMeetAreNotJudged() throws IOException {
        String kernel = kernel("kernels/together.elf");
        assertEquals(ExitCode.BAD_INPUT, run("run", kernel, "--vcpus", "2", "--check", "full"));
        assertEquals(
                "provisor: --check judges one call at a time: with several vCPUs it needs"
                        + " --deterministic\n",
                err.toString());
        err.getBuffer().setLength(0);
        String file = directory.resolve("trace.txt").toString();
        assertEquals(ExitCode.BAD_INPUT, run("run", kernel, "--vcpus", "2", "--trace", file));
        assertEquals(
                "provisor: --trace with several vCPUs needs --deterministic\n", err.toString());
    }

    @Test
    void aTraceThatCannotBeWrittenIsSaidBefore() throws IOException {
        String file = directory.resolve("none").resolve("trace.txt").toString();
        assertEquals(ExitCode.BAD_INPUT, run("run", kernel("kernels/hello.elf"), "--trace", file));
        assertEquals("provisor: --trace " + file + " cannot be written\n", err.toString());
        assertEquals("", out.toString());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aTraceThatIsNotWrittenToItsEndIsSaid() throws IOException {
        String hello = kernel("kernels/hello.elf");
        assertEquals(ExitCode.BAD_INPUT, run("run", hello, "--trace", "/dev/full"));
        assertEquals(
                "provisor: --trace /dev/full could not be written to its end\n", err.toString());
    }

    private void stat(String what, String number) {
        boolean there =
                err.toString()
                        .lines()
                        .anyMatch(
                                line -> line.startsWith(what + " ") && line.endsWith(" " + number));
        assertTrue(there, err.toString());
    }

    @Test
    void theReasonIsTheExitCode() throws IOException {
        String kernel = kernel("kernels/hello.elf");
        assertEquals(RunCommand.REBOOT, run("run", kernel, "--memory", "8m", "--args", "1"));
        assertEquals(ExitCode.FINDING, run("run", kernel, "--memory", "8M", "--args", "3"));
        assertEquals(RunCommand.OTHER, run("run", kernel, "--memory", "8M", "--args", "9"));
        assertTrue(err.toString().contains("provisor: the domain shuts down: reboot\n"));
        assertEquals("hello\nhello\nhello\n", out.toString());
    }

    @Test
    void theProbeRunsUntilTheLimit() throws IOException {
        int code =
                run("run", kernel("xen/probe.elf"), "--memory", "8M", "--instructions", "250000");
        assertEquals(RunCommand.LIMIT, code, err.toString());
        assertTrue(out.toString().startsWith("probe: mailbox "), out.toString());
        assertEquals("provisor: the domain has run for as long as it was to\n", err.toString());
    }

    @Test
    void badInputIsOneLine() throws IOException {
        String kernel = kernel("kernels/hello.elf");
        bad("there is no file nowhere.elf", "nowhere.elf");
        bad(directory + " is not a file", directory.toString());
        bad("--memory must be like 65536K, 256M or 2G, not much", kernel, "--memory", "much");
        bad("--memory must be 4K to ", kernel, "--memory", "100000G");
        bad(
                kernel + ": it needs at least 1,076 KiB of memory to start, and has 1,024 KiB",
                kernel,
                "--memory",
                "1M");
        bad("--check must be full, exact, sampled or off, not some", kernel, "--check", "some");
        bad(
                "--cpuid no-sse5: the processor has no feature called 'sse5', but ",
                kernel,
                "--cpuid",
                "no-sse5");
        bad("--instructions must be 1 or more, not 0", kernel, "--instructions", "0");
        bad("there is no file nothing", kernel, "--module", "nothing");
        bad("--args must have at most 1023 bytes", kernel, "--args", "x".repeat(1024));
        Path cut = directory.resolve("cut.elf");
        byte[] whole = Files.readAllBytes(Path.of(kernel));
        Files.write(cut, Arrays.copyOf(whole, 5000));
        bad(cut + ": the file ends before a segment does, at byte 0x40", cut.toString());
        Files.write(cut, "#!/bin/sh\n".getBytes(StandardCharsets.US_ASCII));
        bad(cut + ": not an ELF file, at byte 0x0", cut.toString());
    }

    private void bad(String message, String... args) {
        err.getBuffer().setLength(0);
        String[] all = new String[args.length + 1];
        all[0] = "run";
        System.arraycopy(args, 0, all, 1, args.length);
        assertEquals(ExitCode.BAD_INPUT, run(all), err.toString());
        assertTrue(err.toString().startsWith("provisor: " + message), err.toString());
        assertEquals(err.toString().length() - 1, err.toString().indexOf('\n'));
        assertEquals("", out.toString());
    }

    @Test
    void textMayComeInPieces() {
        ConsoleText console = new ConsoleText(new PrintWriter(out));
        byte[] bytes = "a\u00e4\u20ac".getBytes(StandardCharsets.UTF_8);
        for (byte b : bytes) {
            console.write(new byte[] {b}, 1);
        }
        console.write(new byte[] {(byte) 0xFF, 'b', (byte) 0xE2}, 3);
        console.end();
        assertEquals("a\u00e4\u20ac?b?", out.toString());
    }
}
