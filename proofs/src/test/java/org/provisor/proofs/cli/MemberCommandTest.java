// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.provisor.proofs.members.Address;
import org.provisor.proofs.members.HazelcastMember;
import org.provisor.proofs.members.Workplace;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;

@Timeout(120)
final class MemberCommandTest {

    private static final Address ANY = new Address("127.0.0.1", 0);

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void badValuesAreOneLine() {
        for (List<String> bad :
                List.of(
                        List.of("member", "--bind", "there"),
                        List.of("member", "--bind", "127.0.0.1:70000"),
                        List.of("member", "--bind", "0.0.0.0:0"),
                        List.of("member", "--bind", "192.0.2.1:0"),
                        List.of("member", "--join", "a:b"),
                        List.of("member", "--jobs", "0"),
                        List.of("campaign", "--members", "here"),
                        List.of("campaign", "--members", "127.0.0.1:1", "--jobs", "2"),
                        List.of("campaign", "--members", "127.0.0.1:1", "--vcpus", "2"),
                        List.of("campaign", "--rounds", "0"),
                        List.of("campaign", "--rounds", "1", "--vcpus", "2"),
                        List.of("recall", "--members", "127.0.0.1:1", "--jobs", "2"),
                        List.of("explore", "--members", "127.0.0.1:1", "--jobs", "2"))) {
            err.getBuffer().setLength(0);
            assertEquals(ExitCode.BAD_INPUT, run(bad), bad.toString());
            assertEquals(1, err.toString().lines().count(), err.toString());
        }
    }

    @Test
    void nobodyThereIsOneLine() {
        assertEquals(
                ExitCode.BAD_INPUT,
                run(List.of("campaign", "--rounds", "1", "--members", "127.0.0.1:1")));
        assertEquals("provisor: no member answers at 127.0.0.1:1\n", err.toString());
    }

    /// What they say is the same, and no member is said anything of.
    @Test
    void aMemberComesToWhatThisProcessDoes() {
        try (HazelcastMember member = HazelcastMember.start(ANY, List.of(), 1, new Workplace())) {
            List<String> elsewhere = List.of("--members", member.address().toString());
            List<String> campaign =
                    List.of("campaign", "--rounds", "1", "--seed", "7", "--coverage");
            same(campaign, List.of("--jobs", "1"), elsewhere, " in .*a second");
            same(
                    List.of("explore", "--frames", "2", "--slots", "1"),
                    List.of("--jobs", "1"),
                    elsewhere,
                    "time .*|memory .*");
        }
    }

    private void same(List<String> command, List<String> here, List<String> there, String apart) {
        String one = printed(command, here, apart);
        assertEquals(one, printed(command, there, apart));
        assertTrue(one.lines().count() > 5, one);
    }

    private String printed(List<String> command, List<String> more, String apart) {
        out.getBuffer().setLength(0);
        List<String> all = new ArrayList<>(command);
        all.addAll(more);
        assertEquals(ExitCode.FINE, run(all), err.toString());
        assertEquals("", err.toString());
        return out.toString().replaceAll(apart, "");
    }

    private int run(List<String> args) {
        CommandLine line = Provisor.commandLine();
        line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return Provisor.run(line, args.toArray(String[]::new));
    }
}
