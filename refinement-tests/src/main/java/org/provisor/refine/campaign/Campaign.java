// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.campaign;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.gen.Chance;
import org.provisor.refine.gen.Focus;
import org.provisor.refine.gen.Worlds;
import org.provisor.refine.harness.Subject;
import org.provisor.refine.harness.Verdict.Differs;
import org.provisor.refine.program.Program;
import org.provisor.refine.program.World;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Round after round, on one thread or several, until the budget is spent or enough is found.
///
/// Round 0 has the campaign's own seed, the others have seeds made of it; each repeats from its
/// seed alone. So what is found in any round is found again, and first, by a campaign of that
/// round's seed. With one thread and a budget of steps everything is the same each time.
public final class Campaign {

    /// An action that takes longer than this will not come to an end.
    private static final long HUNG_NANOS = 20_000_000_000L;

    private static final long WATCH_MILLIS = 50;

    private static final long MOST_BETWEEN_LOOKS_NANOS = 4 * WATCH_MILLIS * 1_000_000;

    /// After so many differences that were not seen again each kind is looked at once only.
    private static final int MOST_NOT_SEEN = 20;

    private final Supplier<? extends Subject> subjects;
    private long seed = 1;
    private Focus focus = Focus.NONE;
    private List<World> worlds = Worlds.ALL;
    private int jobs = 1;
    private long rounds = Long.MAX_VALUE;
    private long steps = Long.MAX_VALUE;
    private long nanos = Long.MAX_VALUE;
    private long hungNanos = HUNG_NANOS;
    private int mostDifferences = 1;
    private long shrinkNanos = Long.MAX_VALUE;
    private List<Witness> witnesses = List.of();
    private Predicate<Differs> always = _ -> false;
    private Set<String> known = Set.of();
    private Map<String, String> excused = Unreached.listed();
    private Consumer<Progress> progress = _ -> {};
    private Consumer<Program> played = _ -> {};
    private Consumer<Finding> found = _ -> {};

    /// @param subjects makes what the programs run on, one for each thread
    public Campaign(Supplier<? extends Subject> subjects) {
        this.subjects = subjects;
    }

    public Campaign seed(long number) {
        seed = number;
        return this;
    }

    /// Makes mostly moves that can reach something.
    public Campaign focus(Focus on) {
        focus = on;
        return this;
    }

    /// The machines that programs start on; those that are there twice are chosen twice as often.
    public Campaign worlds(List<World> now) {
        worlds = List.copyOf(now);
        return this;
    }

    /// How many threads.
    ///
    /// @throws IllegalArgumentException if it is not 1 to 1024
    public Campaign jobs(int count) {
        if (count < 1 || count > 1024) {
            throw new IllegalArgumentException("there can be 1 to 1024 jobs, not " + count);
        }
        jobs = count;
        return this;
    }

    /// Ends after so many rounds.
    public Campaign rounds(long most) {
        rounds = most;
        return this;
    }

    /// Ends after so many steps, or a few more.
    public Campaign steps(long most) {
        steps = most;
        return this;
    }

    /// Ends after so long, or a little later.
    public Campaign budgetNanos(long most) {
        nanos = most;
        return this;
    }

    /// How long an action may take before it is taken for one that does not end.
    public Campaign hungNanos(long most) {
        hungNanos = most;
        return this;
    }

    /// Ends when so many kinds of difference have been found.
    ///
    /// @throws IllegalArgumentException if it is less than 1
    public Campaign maxDifferences(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("at least 1 difference must be allowed");
        }
        mostDifferences = most;
        return this;
    }

    /// How long the shrinking of one program may take, or a little longer.
    public Campaign shrinkNanos(long most) {
        shrinkNanos = most;
        return this;
    }

    /// Differences count that each of these sees as well.
    ///
    /// @param always which count also if they are not seen again
    public Campaign witnesses(List<Witness> all, Predicate<Differs> always) {
        witnesses = List.copyOf(all);
        this.always = always;
        return this;
    }

    /// Kinds of difference that are passed over, as [Finding#kind()] says them.
    public Campaign known(Set<String> these) {
        known = Set.copyOf(these);
        return this;
    }

    /// Rows that need not be reached on these subjects, `clause/row`, with the reason.
    public Campaign excused(Map<String, String> rows) {
        excused = Map.copyOf(rows);
        return this;
    }

    /// Told of the progress after each program, by any thread.
    public Campaign progress(Consumer<Progress> listener) {
        progress = listener;
        return this;
    }

    /// Told of each difference that counts, as soon as it does, by one thread at a time.
    public Campaign found(Consumer<Finding> listener) {
        found = listener;
        return this;
    }

    /// Told of each program that was played, by any thread.
    public Campaign played(Consumer<Program> listener) {
        played = listener;
        return this;
    }

    /// The seed of a round: a campaign of this seed begins with the same round.
    ///
    /// @param number which round, from 0
    public static long roundSeed(long seed, long number) {
        return number == 0 ? seed : Chance.seed(seed, number);
    }

    /// Runs it.
    public CampaignResult run() {
        Running running = new Running();
        return running.run();
    }

    /// A campaign under way.
    private final class Running {

        private final long started = System.nanoTime();
        private final AtomicLong nextRound = new AtomicLong();
        private final AtomicLong stepsDone = new AtomicLong();
        private final AtomicLong callsDone = new AtomicLong();
        private final AtomicLong programs = new AtomicLong();
        private final long[] hits = RowCounts.none();
        private final long[] operations = SubOperations.none();
        private final Map<String, Long> unspecified = new TreeMap<>();
        private final List<Finding> differences = new ArrayList<>();
        private final List<Finding> notSeenAgain = new ArrayList<>();
        private final Set<String> kinds = new HashSet<>(known);
        private volatile int reached;
        private volatile boolean enough;
        private volatile @Nullable Throwable failure;

        CampaignResult run() {
            List<Job> all = new ArrayList<>();
            for (int i = 0; i < jobs; i++) {
                all.add(start(i));
            }
            try {
                for (int i = 0; i < jobs; i++) {
                    Job job = all.get(i);
                    while (!job.ended()) {
                        job.join();
                        watch(all);
                        job = all.get(i);
                    }
                }
            } catch (InterruptedException e) {
                enough = true;
                Thread.currentThread().interrupt();
            }
            Throwable thrown = failure;
            if (thrown != null) {
                throw new IllegalStateException("the campaign failed: " + thrown, thrown);
            }
            synchronized (this) {
                return new CampaignResult(
                        seed,
                        stepsDone.get(),
                        callsDone.get(),
                        programs.get(),
                        System.nanoTime() - started,
                        RowCounts.of(hits),
                        SubOperations.named(operations),
                        unspecified,
                        excused,
                        differences,
                        notSeenAgain);
            }
        }

        private Job start(int number) {
            Job job = new Job(this, new Player(new Subjects(subjects), focus, worlds));
            job.begin("campaign-" + number);
            return job;
        }

        /// Looks for jobs whose action does not come to its end. What it was is found; another job
        /// goes on in its stead.
        private void watch(List<Job> all) {
            for (int i = 0; i < all.size(); i++) {
                Job job = all.get(i);
                Program program = job.hung(hungNanos);
                if (program != null) {
                    job.abandon();
                    hung(job, program);
                    if (!over()) {
                        all.set(i, start(i));
                    }
                }
            }
        }

        private synchronized void hung(Job job, Program program) {
            Differs differs =
                    new Differs(
                            "none",
                            "endless",
                            "the last action does not come to its end; not shrunk");
            if (kinds.add(Finding.kind(differs))) {
                Finding finding =
                        new Finding(
                                job.roundSeed(),
                                job.number(),
                                focus.prefix(),
                                program,
                                program,
                                differs,
                                List.of());
                differences.add(finding);
                found.accept(finding);
                enough = enough || differences.size() >= mostDifferences;
            }
        }

        private Player player(Subjects on) {
            return new Player(on, Focus.NONE, worlds);
        }

        /// The number of the next round; as many as there are rounds, or more, if there is none.
        private long round() {
            return nextRound.getAndIncrement();
        }

        private long rounds() {
            return rounds;
        }

        private long seed(long round) {
            return roundSeed(seed, round);
        }

        private boolean over() {
            return enough || stepsDone.get() >= steps || System.nanoTime() - started >= nanos;
        }

        /// A program differs. It is kept as it is, and then in place of it what is left of it; so
        /// it is not lost should a smaller one not come to its end.
        private void differs(Job job, long round, int number, Program found, Differs how) {
            Finding whole =
                    new Finding(round, number, focus.prefix(), found, found, how, List.of());
            synchronized (this) {
                if (enough || !kinds.add(Finding.kind(how))) {
                    return;
                }
                differences.add(whole);
            }
            Player player = job.watched(player(job.player.subjects()));
            Shrinker.Shrunk shrunk = Shrinker.shrink(player, found, how, shrinkNanos);
            Seen seen = seenOn(job, shrunk.program(), shrunk.differs());
            if (!seen.byAll() && !shrunk.program().equals(found)) {
                Seen more = seenOn(job, found, how);
                if (more.byAll()) {
                    shrunk = new Shrinker.Shrunk(found, how);
                    seen = more;
                }
            }
            Finding finding =
                    new Finding(
                            round,
                            number,
                            focus.prefix(),
                            found,
                            shrunk.program(),
                            shrunk.differs(),
                            seen.words());
            synchronized (this) {
                if (seen.byAll() || always.test(shrunk.differs())) {
                    differences.set(differences.indexOf(whole), finding);
                    Campaign.this.found.accept(finding);
                    enough = enough || differences.size() >= mostDifferences;
                } else {
                    differences.remove(whole);
                    notSeenAgain.add(finding);
                    // Another program may show it better.
                    if (notSeenAgain.size() < MOST_NOT_SEEN) {
                        kinds.remove(Finding.kind(how));
                    }
                }
            }
        }

        private Seen seenOn(Job job, Program program, Differs how) {
            List<String> words = new ArrayList<>();
            boolean byAll = true;
            for (Witness witness : witnesses) {
                try (Subjects fresh = new Subjects(witness.subjects())) {
                    Player player = job.watched(player(fresh));
                    player.play(program.world(), program.actions());
                    Differs now = player.differs();
                    if (now != null && Finding.kind(now).equals(Finding.kind(how))) {
                        words.add("seen again: " + witness.name());
                    } else {
                        byAll = false;
                        words.add(
                                "NOT seen again: "
                                        + witness.name()
                                        + (now == null ? "" : ", but " + Finding.kind(now)));
                    }
                }
            }
            return new Seen(byAll, words);
        }

        private synchronized void drain(Player player) {
            player.coverage().drainTo(hits);
            player.subOperations().drainTo(operations);
            reached = (int) Arrays.stream(hits).filter(count -> count > 0).count();
            player.unspecified().forEach((why, n) -> unspecified.merge(why, n, Long::sum));
            player.unspecified().clear();
        }

        private void played(Player player) {
            played.accept(player.program());
            showProgress();
        }

        private void showProgress() {
            int found;
            synchronized (this) {
                found = differences.size();
            }
            progress.accept(
                    new Progress(
                            stepsDone.get(),
                            callsDone.get(),
                            programs.get(),
                            reached,
                            found,
                            System.nanoTime() - started));
        }
    }

    /// What the witnesses saw.
    private record Seen(boolean byAll, List<String> words) {}

    /// A thread that plays rounds.
    private static final class Job implements Round.Listener {

        private final Running running;
        private final Player player;
        private final Thread thread;
        private long stepsBefore;
        private long callsBefore;
        private volatile long roundSeed;
        private final AtomicInteger number = new AtomicInteger();
        private volatile boolean abandoned;

        /// Plays the programs of the round, or what a program is shrunk to.
        private volatile Player playing;

        private long ticksSeen = -1;
        private long lookedAt = System.nanoTime();
        private long waited;

        Job(Running running, Player player) {
            this.running = running;
            this.player = player;
            playing = player;
            thread = new Thread(this::play);
            thread.setDaemon(true);
        }

        void begin(String name) {
            thread.setName(name);
            thread.start();
        }

        private void play() {
            try {
                while (!running.over() && !abandoned) {
                    long round = running.round();
                    if (round >= running.rounds()) {
                        break;
                    }
                    roundSeed = running.seed(round);
                    number.set(0);
                    new Round(player, roundSeed, this).play();
                    if (!abandoned) {
                        running.drain(player);
                    }
                }
                player.subjects().close();
            } catch (Throwable e) {
                running.failure = e;
                running.enough = true;
            }
        }

        @Override
        public boolean played() {
            if (abandoned) {
                return false;
            }
            number.incrementAndGet();
            running.stepsDone.addAndGet(player.steps() - stepsBefore);
            running.callsDone.addAndGet(player.calls() - callsBefore);
            stepsBefore = player.steps();
            callsBefore = player.calls();
            running.programs.incrementAndGet();
            running.played(player);
            return !running.over();
        }

        @Override
        public void differs(long seed, int program, Program found, Differs how) {
            if (!abandoned) {
                running.differs(this, seed, program, found, how);
                playing = player;
            }
        }

        // For the thread that watches.

        void join() throws InterruptedException {
            thread.join(WATCH_MILLIS);
        }

        boolean ended() {
            return abandoned || !thread.isAlive();
        }

        /// From here on the last action of another player is watched.
        Player watched(Player now) {
            playing = now;
            return now;
        }

        /// The program whose last action has not come to its end for so long; null if there is
        /// none. Between two looks only so much time counts: if it is more, this process was
        /// stopped or kept from running, and so was what is watched.
        @Nullable Program hung(long nanos) {
            Player now = playing;
            long ticks = now.ticks();
            long time = System.nanoTime();
            long passed = Math.min(time - lookedAt, MOST_BETWEEN_LOOKS_NANOS);
            lookedAt = time;
            if (ticks != ticksSeen || ended()) {
                ticksSeen = ticks;
                waited = 0;
                return null;
            }
            waited += passed;
            return waited < nanos ? null : now.underWay();
        }

        void abandon() {
            abandoned = true;
        }

        long roundSeed() {
            return roundSeed;
        }

        int number() {
            return number.get();
        }
    }
}
