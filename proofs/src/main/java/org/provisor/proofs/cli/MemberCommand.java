// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import org.jspecify.annotations.Nullable;
import org.provisor.proofs.members.Address;
import org.provisor.proofs.members.HazelcastMember;
import org.provisor.proofs.members.MembersException;
import org.provisor.proofs.members.Workplace;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/// The command `provisor member`.
@Command(
        name = "member",
        description = {
            "Waits for work of 'provisor campaign', 'recall' and 'explore' with --members, and does"
                + " it, until it is stopped. It can be stopped at any time: what it had is done by"
                + " others.",
            "",
            "All must be of one build. What goes between them is neither encrypted nor is anybody"
                    + " asked who he is: bind it only to networks that you trust.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            ExitCode.FINE + ":it was interrupted",
            ExitCode.BAD_INPUT + ":bad input, it cannot listen there, or nobody is there to join",
            ExitCode.FAULT + ":could not go on, through a fault that is not yours"
        })
final class MemberCommand implements Callable<Integer> {

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--bind",
            paramLabel = "HOST:PORT",
            description =
                    "Where to listen: an address of this machine by which others reach it. Port 0"
                            + " is one that is free. (default: ${DEFAULT-VALUE})")
    private String bind = "127.0.0.1:5701";

    @Option(
            names = "--join",
            paramLabel = "HOST:PORT",
            split = ",",
            description =
                    "Members to join, of whom one must be there: then --members needs to name one"
                            + " of all, and finds those that come later.")
    private List<String> join = new ArrayList<>();

    @Option(
            names = "--jobs",
            paramLabel = "N",
            description = "How much to do at once, 1 to 1024 (default: one per processor).")
    private int jobs = Runtime.getRuntime().availableProcessors();

    @Override
    public Integer call() {
        if (jobs < 1 || jobs > 1024) {
            throw new BadInput("--jobs must be 1 to 1024, not " + jobs);
        }
        try (HazelcastMember member =
                HazelcastMember.start(
                        Address.of(bind),
                        join.stream().map(Address::of).toList(),
                        jobs,
                        new Workplace())) {
            PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
            out.printf("member   %s%n", member.address());
            out.printf("build    %s%n", HazelcastMember.build());
            out.printf("jobs     %d; waits for work until it is stopped%n", jobs);
            out.flush();
            new CountDownLatch(1).await();
            return ExitCode.FINE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.FINE;
        } catch (MembersException e) {
            throw new BadInput(e.getMessage());
        }
    }
}
