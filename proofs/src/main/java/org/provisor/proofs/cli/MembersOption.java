// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import org.provisor.proofs.members.Address;
import org.provisor.proofs.members.HazelcastTransport;
import org.provisor.proofs.members.Leases;
import org.provisor.proofs.members.MembersException;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Who else works, for commands that can be done on several machines.
final class MembersOption {

    @Option(
            names = "--members",
            paramLabel = "HOST:PORT",
            split = ",",
            description =
                    "Has the work done by members, which 'provisor member' starts on this machine"
                            + " or others, and by those that they have joined; not by this process."
                            + " What comes of it is the same. If a member leaves, others do what it"
                            + " had.")
    private List<String> addresses = new ArrayList<>();

    boolean given() {
        return !addresses.isEmpty();
    }

    /// Finds the members. What becomes of them is said on standard error.
    ///
    /// @param ahead how many units each has besides those that it works on
    /// @throws BadInput if an address is none, or there are `--jobs` as well
    /// @throws MembersException if nobody is there, or somebody of another build
    Leases join(int ahead, CommandSpec command, ProgressLine line) {
        if (command.commandLine().getParseResult().hasMatchedOption("--jobs")) {
            throw new BadInput("each member has its own --jobs: give either --jobs or --members");
        }
        PrintWriter err = command.commandLine().getErr();
        Leases leases =
                new Leases(
                        new HazelcastTransport(addresses.stream().map(Address::of).toList()),
                        ahead,
                        said -> {
                            line.close();
                            err.println("provisor: " + said);
                            err.flush();
                        });
        leases.start();
        return leases;
    }

    /// For a line of progress.
    String text(Leases leases) {
        return given() ? String.format(Locale.ROOT, "; %d members", leases.members()) : "";
    }
}
