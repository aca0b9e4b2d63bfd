// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.provisor.refine.xen.XenImage;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// What needs neither Xen nor QEMU, and, where both are there, that they are run and ended. The
/// environment variable `PROVISOR_XEN` can name a Xen.
final class ConformCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir private Path directory = Path.of(".");

    // What is asked for wrongly.

    @Test
    void noXenIsOneLine() throws IOException {
        assertBad("cannot read ", "--xen", directory.resolve("nothing").toString());
        Path text =
                Files.writeString(
                        directory.resolve("text"), "no Xen, but of some length".repeat(9));
        assertBad("is neither an ELF file nor one compressed", "--xen", text.toString());
        byte[] elf = new byte[64];
        System.arraycopy(new byte[] {0x7F, 'E', 'L', 'F', 2}, 0, elf, 0, 5);
        Path wide = Files.write(directory.resolve("wide"), elf);
        assertBad("is a 64-bit ELF file", "--xen", wide.toString());
    }

    @Test
    void errorsAreComparedWithAXenOnly() {
        String nothing = directory.resolve("nothing").toString();
        assertBadInput("cannot read ", "seeded", "--by", "conform", "--xen", nothing);
        assertBadInput("--in impl goes --by", "seeded", "--in", "impl", "--by", "examples");
        assertBadInput(
                "--in impl goes --by", "seeded", "--in", "impl", "--by", "conform", "--vcpus", "2");
    }

    @Test
    void theImplementationTakesXensPlace() {
        assertBad("--builtin runs no Xen", "--builtin", "--xen", "anything");
        assertEquals(
                0, run("conform", "--builtin", "--steps", "2000", "--seed", "1", "--jobs", "1"));
    }

    @Test
    void noQemuIsOneLine() throws IOException {
        assertBad("cannot run nobody; Debian:", "--xen", small(), "--qemu", "nobody");
    }

    @Test
    void badValuesAreOneLine() throws IOException {
        String qemu = "true";
        assertBad("--seed must be", "--xen", small(), "--qemu", qemu, "--seed", "x");
        assertBad("--steps must be", "--xen", small(), "--qemu", qemu, "--steps", "0");
        assertBad("mm.nothing", "--xen", small(), "--qemu", qemu, "--only", "mm.nothing");
    }

    /// A 32-bit ELF file for QEMU to refuse.
    private String small() throws IOException {
        byte[] elf = new byte[64];
        System.arraycopy(new byte[] {0x7F, 'E', 'L', 'F', 1}, 0, elf, 0, 5);
        elf[18] = 3;
        return Files.write(directory.resolve("small"), elf).toString();
    }

    private void assertBad(String says, String... options) {
        List<String> args = new ArrayList<>(List.of(options));
        args.add(0, "conform");
        assertBadInput(says, args.toArray(new String[0]));
    }

    private void assertBadInput(String says, String... args) {
        err.getBuffer().setLength(0);
        assertEquals(ExitCode.BAD_INPUT, run(args));
        assertTrue(err.toString().contains(says), err.toString());
        assertEquals(1, err.toString().lines().count(), err.toString());
    }

    /// A Xen that does not start is no pass.
    @Test
    void whatDoesNotStartIsAFinding() throws IOException {
        assertEquals(
                ExitCode.FINDING,
                run("conform", "--xen", small(), "--qemu", "true"),
                err::toString);
        assertTrue(out.toString().startsWith("Xen does not start: NOT_STARTED"), out.toString());
    }

    // Where Xen is.

    private static String xen() {
        assumeTrue(runs("qemu-system-x86_64"), "there is no QEMU: apt-get install qemu-system-x86");
        String named = System.getenv("PROVISOR_XEN");
        if (named != null) {
            return named;
        }
        for (Path place : XenImage.INSTALLED) {
            if (Files.isReadable(place)) {
                return place.toString();
            }
        }
        return abort("there is no Xen: apt-get install xen-hypervisor-4.17-amd64");
    }

    private static boolean runs(String program) {
        try {
            Process process =
                    new ProcessBuilder(program, "--version").redirectErrorStream(true).start();
            process.getInputStream().readAllBytes();
            return process.waitFor() == 0;
        } catch (IOException | InterruptedException e) {
            return false;
        }
    }

    @Test
    void aFewProgramsAgree() {
        assertEquals(
                ExitCode.FINE,
                run("conform", "--xen", xen(), "--steps", "4000", "--seed", "1", "--jobs", "1"),
                out::toString);
        assertTrue(out.toString().contains("seed          0x1\n"), out.toString());
        assertTrue(out.toString().contains("differences   none\n"), out.toString());
        assertTrue(out.toString().contains("on Xen        "), out.toString());
    }

    /// An error in the specification is seen on a real Xen, in a program of one call.
    @Test
    void anErrorInTheSpecificationIsFound() {
        assertEquals(
                ExitCode.FINE,
                run(
                        "seeded",
                        "--by",
                        "conform",
                        "--xen",
                        xen(),
                        "--only",
                        "assist-command-first",
                        "--jobs",
                        "1"),
                () -> out + err.toString());
        assertTrue(out.toString().contains("  1  mm.vm-assist: answer\n"), out.toString());
        assertTrue(out.toString().contains("1 error: 1 found;"), out.toString());
    }

    private static final String TRACE =
            """
            world frames=16352 devices=16 processors=1 linear
            domain d0 pages=96 shared=1 max=2112 vcpus=1 privileged devices ports

            d0 poke 0x640000100000 = 1
            d0 poke 0x640000100008 = d0.1
            d0v0 mmuext_op 0x640000100000 1 0 0x7ff0
            """;

    @Test
    void aTraceIsReplayedOnEach() throws IOException {
        String file = Files.writeString(directory.resolve("some.trace"), TRACE).toString();
        assertEquals(
                ExitCode.FINE,
                run("replay", file, "--on", "spec,impl,xen", "--xen", xen()),
                () -> out + err.toString());
        String steps =
                """
                1  d0 poke 0x640000100000 = 1
                2  d0 poke 0x640000100008 = d0.1
                3  d0v0 mmuext_op 0x640000100000 1 0 0x7ff0
                     returned 0
                """;
        assertEquals(
                "on spec,impl\n"
                        + steps
                        + "no difference\non spec,xen\n"
                        + steps
                        + "no difference\n",
                out.toString().replace(System.lineSeparator(), "\n"));
    }

    @Test
    void anotherMachineThanXensIsBadInput() throws IOException {
        String small = TRACE.replace("pages=96", "pages=8");
        String file = Files.writeString(directory.resolve("small.trace"), small).toString();
        assertEquals(ExitCode.BAD_INPUT, run("replay", file, "--on", "spec,xen", "--xen", xen()));
        assertTrue(err.toString().contains("domain d0 pages=96 "), err.toString());
    }

    /// An interrupt from the terminal takes QEMU with it.
    @Test
    void nothingIsLeftBehindByAnInterrupt() throws Exception {
        Process java =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Provisor.class.getName(),
                                "conform",
                                "--xen",
                                xen(),
                                "--budget",
                                "1h")
                        .redirectErrorStream(true)
                        .start();
        try {
            List<ProcessHandle> machines = List.of();
            for (int i = 0; i < 3000 && machines.isEmpty(); i++) {
                machines = java.descendants().filter(ConformCommandTest::isQemu).toList();
                TimeUnit.MILLISECONDS.sleep(20);
            }
            assertFalse(machines.isEmpty(), "no QEMU was started");
            assertTrue(java.isAlive());
            java.destroy();
            assertTrue(java.waitFor(30, TimeUnit.SECONDS));
            for (int i = 0; i < 500 && machines.stream().anyMatch(ProcessHandle::isAlive); i++) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
            assertTrue(machines.stream().noneMatch(ProcessHandle::isAlive));
        } finally {
            java.destroyForcibly();
        }
    }

    private static boolean isQemu(ProcessHandle process) {
        return process.info().command().map(command -> command.contains("qemu")).orElse(false);
    }

    private int run(String... args) {
        CommandLine line = Provisor.commandLine();
        line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return Provisor.run(line, args);
    }
}
