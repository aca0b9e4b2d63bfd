// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.members;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.provisor.proofs.cli.Provisor;
import org.provisor.proofs.explore.Exploration;
import org.provisor.proofs.explore.Summary;
import org.provisor.proofs.recall.Advisories;
import org.provisor.proofs.recall.Advisory;
import org.provisor.proofs.recall.AdvisoryMutants;
import org.provisor.proofs.recall.Mutant;
import org.provisor.proofs.recall.RecallJudge;
import org.provisor.proofs.recall.RecallVerdict;
import org.provisor.proofs.smallworld.Group;
import org.provisor.proofs.smallworld.GuestContents;
import org.provisor.proofs.smallworld.SmallWorld;
import org.provisor.proofs.smallworld.WorldSize;
import org.provisor.refine.campaign.Campaign;
import org.provisor.refine.campaign.CampaignResult;
import org.provisor.refine.harness.ImplSubject;
import org.provisor.refine.harness.Switches;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// Two members on loopback, one of which is killed while it works.
@Timeout(300)
final class MembersTest {

    private static final Address ANY = new Address("127.0.0.1", 0);

    /// The unit that the member which is killed does not get any more.
    private static final int LAST = 2;

    /// The other member.
    private interface Other extends AutoCloseable {

        Address address();

        /// It is gone, in the middle of whatever it does.
        @Override
        void close();
    }

    /// A member in this process, that ends without saying goodbye.
    private record Ended(HazelcastMember member, Address address) implements Other {

        static Other joining(Address join) {
            HazelcastMember member = HazelcastMember.start(ANY, List.of(join), 1, new Workplace());
            return new Ended(member, member.address());
        }

        @Override
        public void close() {
            member.close();
        }
    }

    /// A member in a process of its own, that is killed.
    private static final class Killed implements Other {

        private final Process process;
        private final Address address;

        Killed(Address join) {
            try {
                process =
                        new ProcessBuilder(
                                        Path.of(System.getProperty("java.home"), "bin", "java")
                                                .toString(),
                                        "-XX:TieredStopAtLevel=1",
                                        "-XX:+UseSerialGC",
                                        "--sun-misc-unsafe-memory-access=allow",
                                        "--enable-native-access=ALL-UNNAMED",
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        Provisor.class.getName(),
                                        "member",
                                        "--bind",
                                        ANY.toString(),
                                        "--join",
                                        join.toString(),
                                        "--jobs",
                                        "1")
                                .redirectError(ProcessBuilder.Redirect.INHERIT)
                                .start();
                BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
                String line = String.valueOf(said.readLine());
                assertTrue(line.startsWith("member   127.0.0.1:"), line);
                address = Address.of(line.replace("member   ", ""));
                assertTrue(String.valueOf(said.readLine()).startsWith("build "), line);
                assertTrue(String.valueOf(said.readLine()).contains("waits for work"), line);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public Address address() {
            return address;
        }

        @Override
        public void close() {
            process.destroyForcibly();
            try {
                assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it does not die");
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /// Sends to two members. The one here gets one unit, and others only when the other one is
    /// gone, which is killed just before it is sent its last; so that does not depend on who is
    /// faster.
    private static final class Killing implements Transport {

        private final Transport way;
        private final String here;
        private final Other other;
        private final List<Runnable> held = new ArrayList<>();
        private int toHere;
        private int toOther;

        Killing(Transport way, Address here, Other other) {
            this.way = way;
            this.here = here.toString();
            this.other = other;
        }

        @Override
        public void start(Listener listener) {
            way.start(listener);
        }

        @Override
        public void send(String member, long number, byte[] request) {
            List<Runnable> now = new ArrayList<>();
            synchronized (this) {
                Runnable one = () -> way.send(member, number, request);
                if (member.equals(here) && toHere++ > 0 && toOther < LAST) {
                    held.add(one);
                } else {
                    now.add(one);
                }
                if (!member.equals(here) && ++toOther == LAST) {
                    other.close();
                    now.addAll(held);
                }
            }
            now.forEach(Runnable::run);
        }

        @Override
        public void close() {
            way.close();
        }
    }

    /// What two members come to, of whom one is killed when it has answered and is to get more.
    private static <T> T withOneKilled(
            Function<Address, Other> others, int ahead, Function<Leases, T> asking) {
        Queue<String> told = new ConcurrentLinkedQueue<>();
        try (HazelcastMember here = HazelcastMember.start(ANY, List.of(), 1, new Workplace());
                Other other = others.apply(here.address());
                Leases leases =
                        new Leases(
                                new Killing(
                                        new HazelcastTransport(List.of(here.address())),
                                        here.address(),
                                        other),
                                ahead,
                                told::add)) {
            leases.start();
            assertEquals(2, leases.members());
            T done = asking.apply(leases);
            assertTrue(leases.givenBack() > 0, "it had nothing when it was killed");
            assertEquals(1, leases.members());
            assertEquals(1, told.size(), told.toString());
            assertTrue(
                    told.element().startsWith("member " + other.address() + " has left"),
                    told.toString());
            return done;
        }
    }

    @Test
    void aCampaignComesToTheSame() {
        CampaignResult alone =
                new Campaign(() -> new ImplSubject(Switches.ALL)).seed(11).rounds(4).jobs(2).run();
        CampaignResult together = withOneKilled(Killed::new, 0, MembersTest::rounds);
        assertEquals(
                alone.text().replaceAll(" in .*a second", ""),
                together.text().replaceAll(" in .*a second", ""));
        assertEquals(alone.coverage(), together.coverage());
    }

    private static CampaignResult rounds(Leases leases) {
        return new CampaignRounds(leases).seed(11).rounds(4).run();
    }

    @Test
    void recallComesToTheSame() {
        long nanos = TimeUnit.SECONDS.toNanos(60);
        List<Mutant> mutants = mutants();
        RecallJudge judge = new RecallJudge(1, nanos);
        List<String> alone = mutants.stream().map(judge::judge).map(MembersTest::lasting).toList();
        List<String> together =
                withOneKilled(Ended::joining, 0, leases -> judged(leases, nanos, mutants));
        assertEquals(alone, together);
        assertTrue(alone.getFirst().contains("found"), alone.toString());
    }

    private static List<String> judged(Leases leases, long nanos, List<Mutant> mutants) {
        List<String> verdicts = new ArrayList<>();
        new RecallRows(leases, 1, nanos)
                .run(mutants, false, verdict -> verdicts.add(lasting(verdict)), () -> {});
        return verdicts;
    }

    private static List<Mutant> mutants() {
        List<String> names = List.of("XSA-58", "XSA-32", "XSA-58", "XSA-58");
        List<Advisory> advisories =
                names.stream()
                        .map(name ->
                                Advisories.shipped().stream()
                                        .filter(advisory -> advisory.id().equals(name))
                                        .findFirst()
                                        .orElseThrow())
                        .toList();
        return AdvisoryMutants.of(advisories);
    }

    private static String lasting(RecallVerdict verdict) {
        return verdict.mutant()
                + " "
                + verdict.ending()
                + " "
                + verdict.search().steps()
                + " "
                + verdict.search().programs()
                + " "
                + verdict.search().found();
    }

    @Test
    void anExplorationComesToTheSame() {
        WorldSize size =
                WorldSize.of(
                        3,
                        2,
                        EnumSet.of(Group.PINS, Group.ENTRIES, Group.DEATH),
                        GuestContents.EMPTY);
        String alone = lasting(new Exploration(new SmallWorld(size)).jobs(2).run());
        String together = withOneKilled(Ended::joining, 1, leases -> explored(leases, size));
        assertEquals(alone, together);
    }

    private static String explored(Leases leases, WorldSize size) {
        return lasting(
                new Exploration(new SmallWorld(size))
                        .jobs(8)
                        .lane(new ExploreLane(leases, size))
                        .run());
    }

    private static String lasting(Summary summary) {
        return summary.text().replaceAll("(time|memory) .*", "");
    }

    @Test
    void whoDoesNotFitIsRefusedInWords() {
        try (HazelcastMember member = HazelcastMember.start(ANY, List.of(), 1, new Workplace())) {
            List<Address> there = List.of(member.address());
            refused(
                    "member " + member.address() + " is another build: ",
                    new HazelcastTransport(there, "0.2, commit 0123"));
            MembersException taken =
                    assertThrows(
                            MembersException.class,
                            () ->
                                    HazelcastMember.start(
                                            member.address(), List.of(), 1, new Workplace()));
            assertTrue(
                    taken.getMessage().startsWith("cannot listen at " + member.address()),
                    taken.getMessage());
        }
    }

    private static void refused(String beginning, Transport transport) {
        try (Leases leases = new Leases(transport, 0, _ -> {})) {
            String why = assertThrows(MembersException.class, leases::start).getMessage();
            assertTrue(why.startsWith(beginning), why);
            assertEquals(1, why.lines().count(), why);
        }
    }
}
