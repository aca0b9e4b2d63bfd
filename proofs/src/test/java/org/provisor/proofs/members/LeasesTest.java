// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.members;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.provisor.proofs.activity.Lying;
import org.provisor.refine.campaign.Campaign;
import org.provisor.refine.campaign.CampaignResult;
import org.provisor.refine.gen.Focus;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

@Timeout(60)
final class LeasesTest {

    private final Post post = new Post();
    private final List<String> told = new ArrayList<>();

    /// Keeps what is sent, until the test says what becomes of it.
    private static final class Post implements Transport {

        /// What is on its way.
        @SuppressWarnings("ArrayRecordComponent")
        record Sent(String member, long number, byte[] request) {}

        private final Deque<Sent> sent = new ArrayDeque<>();
        private Listener listener = new Leases(this, 0, _ -> {});

        @Override
        public void start(Listener to) {
            listener = to;
            to.joined("a", 1);
            to.joined("b", 2);
        }

        @Override
        public void send(String member, long number, byte[] request) {
            sent.add(new Sent(member, number, request));
        }

        /// A member answers with what it was asked.
        void echo(Sent one) {
            listener.answered(one.member(), one.number(), one.request());
        }

        @Override
        public void close() {}
    }

    private Leases leases(int ahead) {
        Leases leases = new Leases(post, ahead, told::add);
        leases.start();
        return leases;
    }

    private static byte[] unit(int number) {
        return new byte[] {(byte) number};
    }

    @Test
    void eachGetsAsMuchAsItHasRoomFor() {
        Leases leases = leases(1);
        for (int i = 0; i < 9; i++) {
            CompletableFuture<byte[]> _ = leases.ask(unit(i));
        }
        assertEquals(5, leases.room());
        assertEquals(5, post.sent.size());
        assertEquals(3, post.sent.stream().filter(each -> each.member().equals("b")).count());
        post.echo(post.sent.removeFirst());
        assertEquals(5, post.sent.size());
    }

    @Test
    void whatAMemberHadGoesToOthers() {
        Leases leases = leases(0);
        List<CompletableFuture<byte[]>> answers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            answers.add(leases.ask(unit(i)));
        }
        List<Long> lost = numbers("b");
        post.sent.removeIf(each -> each.member().equals("b"));
        post.listener.left("b");
        post.listener.left("b");
        assertEquals(1, leases.members());
        assertEquals(2, leases.givenBack());
        assertEquals(List.of("member b has left: others get the 2 units that it had"), told);
        List<Long> order = new ArrayList<>();
        while (!post.sent.isEmpty()) {
            order.add(post.sent.getFirst().number());
            post.echo(post.sent.removeFirst());
        }
        assertEquals(lost.getFirst(), order.get(1));
        assertEquals(lost.getLast(), order.get(2));
        for (int i = 0; i < 4; i++) {
            assertArrayEquals(unit(i), answers.get(i).getNow(new byte[0]));
        }
        assertEquals(0, leases.dropped());
    }

    private List<Long> numbers(String member) {
        return post.sent.stream()
                .filter(each -> each.member().equals(member))
                .map(Post.Sent::number)
                .toList();
    }

    /// It was thought to have left, and answers after all, before the other does and after.
    @Test
    void anAnswerIsTakenOnce() {
        Leases leases = leases(0);
        CompletableFuture<byte[]> answer = leases.ask(unit(7));
        Post.Sent first = post.sent.removeFirst();
        post.listener.left(first.member());
        Post.Sent second = post.sent.removeFirst();
        assertFalse(first.member().equals(second.member()));
        assertEquals(first.number(), second.number());
        post.listener.answered(first.member(), first.number(), unit(1));
        post.listener.answered(second.member(), second.number(), unit(2));
        assertArrayEquals(unit(1), answer.getNow(unit(0)));
        assertEquals(1, leases.dropped());
        CompletableFuture<byte[]> _ = leases.ask(unit(8));
        assertEquals(second.member(), post.sent.getFirst().member());
    }

    @Test
    void whatGetsLostIsAskedForAgain() {
        Leases leases = leases(0);
        CompletableFuture<byte[]> answer = leases.ask(unit(1));
        for (int lost = 0; lost < 15; lost++) {
            Post.Sent one = post.sent.removeFirst();
            post.listener.returned(one.member(), one.number());
        }
        assertEquals(15, leases.givenBack());
        assertEquals(1, leases.members());
        assertEquals(List.of("member b has left"), told);
        post.echo(post.sent.removeFirst());
        assertArrayEquals(unit(1), answer.getNow(unit(0)));
        assertEquals(0, post.sent.size());
    }

    @Test
    void whoComesLaterGetsWork() {
        Leases leases = leases(0);
        for (int i = 0; i < 5; i++) {
            CompletableFuture<byte[]> _ = leases.ask(unit(i));
        }
        post.listener.joined("c", 7);
        assertEquals(2, numbers("c").size());
        assertEquals(List.of("member c has joined"), told);
    }

    @Test
    void whenAllHaveLeftItSaysSo() {
        Leases leases = leases(0);
        CompletableFuture<byte[]> answer = leases.ask(unit(1));
        post.listener.left("a");
        assertFalse(answer.isDone());
        post.listener.left("b");
        MembersException gone =
                assertInstanceOf(
                        MembersException.class,
                        assertThrows(CompletionException.class, answer::join).getCause());
        assertTrue(gone.getMessage().startsWith("every member has left"), gone.getMessage());
        assertThrows(CompletionException.class, () -> leases.ask(unit(2)).join());
    }

    /// A campaign by members that answer in any order, are thought to have left, answer twice, and
    /// come back.
    @Test
    void aCampaignComesToTheSameWhateverBecomesOfMembers() {
        Workplace workplace = new Workplace(_ -> new Lying());
        CampaignResult here =
                new Campaign(Lying::new)
                        .seed(5)
                        .focus(Focus.on("mm.descriptor"))
                        .rounds(3)
                        .maxDifferences(9)
                        .run();
        assertEquals(1, here.differences().size());
        for (long seed = 1; seed <= 2; seed++) {
            try (Leases leases = new Leases(new Unsteady(workplace, seed), 1, _ -> {})) {
                leases.start();
                CampaignResult elsewhere = campaign(leases);
                assertEquals(lasting(here), lasting(elsewhere), "seed " + seed);
                assertEquals(here.coverage(), elsewhere.coverage(), "seed " + seed);
                assertEquals(here.differences(), elsewhere.differences(), "seed " + seed);
                assertTrue(leases.givenBack() > 0, "nothing was given back");
                assertTrue(leases.dropped() > 0, "nothing came twice");
            }
        }
    }

    private static CampaignResult campaign(Leases leases) {
        return new CampaignRounds(leases)
                .seed(5)
                .only("mm.descriptor")
                .rounds(3)
                .maxDifferences(9)
                .run();
    }

    private static String lasting(CampaignResult result) {
        return result.text().replaceAll(" in .*a second", "");
    }

    /// Members of which now and then one is thought to have left while it works.
    private static final class Unsteady implements Transport {

        private final Workplace workplace;
        private final SplittableRandom random;
        private final Deque<Runnable> todo = new ArrayDeque<>();
        private final Thread thread = new Thread(this::work, "unsteady");
        private boolean closed;
        private Listener listener = new Leases(this, 0, _ -> {});

        Unsteady(Workplace workplace, long seed) {
            this.workplace = workplace;
            random = new SplittableRandom(seed);
        }

        @Override
        public void start(Listener to) {
            listener = Objects.requireNonNull(to);
            to.joined("a", 1);
            to.joined("b", 1);
            thread.setDaemon(true);
            thread.start();
        }

        @Override
        public synchronized void send(String member, long number, byte[] request) {
            todo.add(() -> {
                if (random.nextInt(3) > 0) {
                    listener.joined("c", 1);
                    listener.left(member);
                    listener.joined(member, 1);
                }
                byte[] answer = workplace.answer(request);
                listener.answered(member, number, answer);
                if (random.nextInt(2) > 0) {
                    listener.answered(member, number, answer);
                }
            });
            notifyAll();
        }

        private void work() {
            for (Runnable next = next(); next != null; next = next()) {
                next.run();
            }
        }

        private synchronized Runnable next() {
            try {
                while (todo.isEmpty() && !closed) {
                    wait();
                }
            } catch (InterruptedException e) {
                closed = true;
            }
            return todo.poll();
        }

        @Override
        public synchronized void close() {
            closed = true;
            todo.clear();
            notifyAll();
        }
    }
}
