// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.provisor.proofs.activity.Lying;
import org.provisor.refine.concurrent.ConcurrentResult;
import org.provisor.refine.concurrent.ConcurrentRun;
import org.provisor.refine.concurrent.DirectedRaces;
import org.provisor.refine.concurrent.RaceResult;
import org.provisor.refine.concurrent.Races;
import org.provisor.refine.concurrent.Unexplained;
import org.provisor.refine.trace.TraceText;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;

final class CampaignCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void aShortCampaignIsFineAndSaysWhatItDid() {
        assertEquals(ExitCode.FINE, aShortOne(), out.toString());
        assertTrue(out.toString().contains("seed          0x7\n"), out.toString());
        assertTrue(out.toString().contains("differences   none\n"), out.toString());
        assertTrue(out.toString().contains("not reached: x86.walk/a, excused: "), out.toString());
        assertEquals("", err.toString());
    }

    private int aShortOne() {
        return run(
                "campaign",
                "--steps",
                "3000",
                "--jobs",
                "1",
                "--seed",
                "0x7",
                "--coverage",
                "--only",
                "mm.mmuext");
    }

    @Test
    void theSameIsDoneAgain() {
        aShortOne();
        List<String> first = lasting();
        out.getBuffer().setLength(0);
        aShortOne();
        assertEquals(first, lasting());
    }

    /// What is printed, without the time it took.
    private List<String> lasting() {
        return out.toString().lines().map(line -> line.replaceAll(" in .*a second", "")).toList();
    }

    @Test
    void aSeedIsChosenAndShown() {
        assertEquals(ExitCode.FINE, run("campaign", "--steps", "500", "--jobs", "1"));
        assertTrue(out.toString().matches("(?s)seed          0x[0-9a-f]+\n.*"), out.toString());
    }

    @Test
    void aDifferenceIsAFindingAndWritten(@TempDir Path directory) throws Exception {
        Path kept = directory.resolve("kept");
        CommandLine line =
                new CommandLine(
                        new CampaignCommand(
                                _ -> new Lying(), ConcurrentRun::inTurns, DirectedRaces::inTurns));
        line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        int code =
                line.execute(
                        "--steps",
                        "50000",
                        "--jobs",
                        "1",
                        "--seed",
                        "3",
                        "--max-differences",
                        "1",
                        "--out",
                        kept.toString());
        assertEquals(ExitCode.FINDING, code, out.toString());
        assertTrue(out.toString().contains("lie after none\n"), out.toString());
        assertTrue(out.toString().contains("found by --seed 0x3 as program "), out.toString());
        Path file = kept.resolve("0000000000000003-0.trace");
        assertEquals(1, TraceText.parse("kept", Files.readString(file)).actions().size());
    }

    @Test
    void aShortCampaignOfTwoVcpusIsFineAndTheSameEachTime() {
        assertEquals(ExitCode.FINE, twoVcpus(), out.toString());
        assertTrue(out.toString().contains("seed          0x7\n"), out.toString());
        assertTrue(out.toString().contains("differences   none\n"), out.toString());
        assertEquals("", err.toString());
        List<String> first = lasting();
        out.getBuffer().setLength(0);
        twoVcpus();
        assertEquals(first, lasting());
    }

    private int twoVcpus() {
        return run("campaign", "--vcpus", "2", "--steps", "400", "--jobs", "1", "--seed", "0x7");
    }

    @Test
    void whatNoOrderExplainsIsAFindingAndWritten(@TempDir Path directory) throws Exception {
        CommandLine line =
                new CommandLine(
                        new CampaignCommand(
                                _ -> new Lying(),
                                () -> CampaignCommandTest::unexplained,
                                DirectedRaces::inTurns));
        line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        int code =
                line.execute(
                        "--vcpus",
                        "2",
                        "--steps",
                        "1000",
                        "--jobs",
                        "1",
                        "--seed",
                        "3",
                        "--out",
                        directory.toString());
        assertEquals(ExitCode.FINDING, code, err.toString());
        assertTrue(out.toString().contains("differences   1\n"), out.toString());
        String text = Files.readString(directory.resolve("0000000000000003-0.txt"));
        assertEquals(
                """
                frame: owner
                  no order explains it
                found by --vcpus 2 --seed 0x3 on the first machine
                """,
                text);
        assertTrue(out.toString().contains(text), out.toString());
    }

    /// A hundred elements, and always the same finding.
    private static ConcurrentResult unexplained(long seed, long most, LongPredicate goesOn) {
        return new ConcurrentResult(
                1,
                10,
                goesOn.test(0) ? 100 : 0,
                0,
                Map.of(),
                new Unexplained(3, 100, 5, "frame: owner", "no order explains it\n"));
    }

    @Test
    void callsThatMeetAreFine() {
        String pair =
                "a vCPU has the table to finish: d1v1 does finish, interrupted by d1v0 that does"
                        + " pin three as 3";
        assertEquals(ExitCode.FINE, run("campaign", "--races", "--only", pair), out.toString());
        assertTrue(out.toString().startsWith("pairs         1 of 1\n"), out.toString());
        assertTrue(out.toString().contains("differences   none\n"), out.toString());
        assertEquals("", err.toString());
    }

    @Test
    void whatNoOrderExplainsOfCallsThatMeetIsAFindingAndWritten(@TempDir Path directory)
            throws Exception {
        CommandLine line =
                new CommandLine(
                        new CampaignCommand(
                                _ -> new Lying(), ConcurrentRun::inTurns, LyingRaces::new));
        line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        int code = line.execute("--races", "--jobs", "2", "--out", directory.toString());
        assertEquals(ExitCode.FINDING, code, err.toString());
        assertTrue(out.toString().contains("pairs         10 of 10\n"), out.toString());
        assertTrue(out.toString().contains("points        50 in "), out.toString());
        assertTrue(out.toString().contains("moments       1 busy\n"), out.toString());
        assertTrue(out.toString().contains("differences   1\n"), out.toString());
        String text = Files.readString(directory.resolve("race-0000000000000000-0.txt"));
        assertEquals(
                """
                frame: owner
                  no order explains it
                found by --races: pair 7, at point 4
                """,
                text);
        assertTrue(out.toString().contains(text), out.toString());
    }

    /// Ten pairs, one of which has a finding.
    private static final class LyingRaces implements Races {

        @Override
        public int pairs() {
            return 10;
        }

        @Override
        public String text(int number) {
            return "pair " + number;
        }

        @Override
        public RaceResult run(int number) {
            return number == 7
                    ? new RaceResult(
                            1,
                            5,
                            2,
                            Map.of("BUSY", 1L),
                            List.of(
                                    new RaceResult.Finding(
                                            text(7), 4, "frame: owner", "no order explains it\n")))
                    : new RaceResult(1, 5, 2, Map.of(), List.of());
        }
    }

    @Test
    void badValuesAreOneLine() {
        for (List<String> bad :
                List.of(
                        List.of("--seed", "many"),
                        List.of("--steps", "0"),
                        List.of("--budget", "long"),
                        List.of("--jobs", "0"),
                        List.of("--max-differences", "0"),
                        List.of("--only", "mm.nothing"),
                        List.of("--vcpus", "3"),
                        List.of("--vcpus", "2", "--steps", "0"),
                        List.of("--vcpus", "2", "--jobs", "0"),
                        List.of("--vcpus", "2", "--max-differences", "0"),
                        List.of("--vcpus", "2", "--only", "mm.mmuext"),
                        List.of("--races", "--seed", "1"),
                        List.of("--races", "--steps", "1"),
                        List.of("--races", "--jobs", "0"),
                        List.of("--races", "--max-differences", "0"),
                        List.of("--races", "--thorough"),
                        List.of("--races", "--only", "no such call"))) {
            err.getBuffer().setLength(0);
            List<String> args = new ArrayList<>(bad);
            args.addFirst("campaign");
            assertEquals(ExitCode.BAD_INPUT, run(args.toArray(String[]::new)), bad.toString());
            assertEquals(1, err.toString().lines().count(), err.toString());
        }
    }

    private int run(String... args) {
        CommandLine line = Provisor.commandLine();
        line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return Provisor.run(line, args);
    }
}
