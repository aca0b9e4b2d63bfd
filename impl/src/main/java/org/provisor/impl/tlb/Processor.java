// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.tlb;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// One of several processors that run at the same time. Its thread says when it begins to use
/// translations, by [#enter], and when it does not any more, by [#leave]; it looks often whether
/// others want something of it, and leaves and enters again if they do.
///
/// ```
///   thread of this processor           another thread
///   using = true                       request is put down
///   looks for requests                 looks whether it is using
/// ```
///
/// Both sides write before they read, so one of them sees the other.
public final class Processor {

    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);

    private final Processors all;
    private final int number;
    private final Tlb tlb = new Tlb();

    /// One word, which is not 0 when this processor is to stop and look around.
    private final long[] attention = new long[1];

    /// Guards what follows it. Nothing is called while it is held.
    private final Object lock = new Object();

    private List<Runnable> requests = new ArrayList<>();
    private long asked;

    /// How many requests are done.
    private volatile long done;

    /// Whether there may be requests: written before `using` is read.
    private volatile boolean wanted;

    private volatile boolean using;

    /// The thread that runs it.
    private volatile @Nullable Thread thread;

    Processor(final Processors all, final int number) {
        this.all = all;
        this.number = number;
    }

    /// All of them.
    public Processors all() {
        return all;
    }

    public int number() {
        return number;
    }

    /// What it remembers of page tables. Only its own thread uses it.
    public Tlb tlb() {
        return tlb;
    }

    /// A word that is not 0 when it is to stop soon.
    public long[] attention() {
        return attention;
    }

    /// Has it stop soon what it runs.
    public void disturb() {
        WORDS.setVolatile(attention, 0, 1L);
    }

    /// The calling thread runs this processor.
    public void runHere() {
        thread = Thread.currentThread();
    }

    /// Whether the calling thread does.
    @SuppressWarnings("ReferenceEquality") // The very one.
    public boolean isHere() {
        return thread == Thread.currentThread();
    }

    /// Whether it uses translations.
    public boolean isUsing() {
        return using;
    }

    /// From now on it uses translations, none that it was asked to forget.
    public void enter() {
        int looks = 0;
        while (true) {
            WORDS.setVolatile(attention, 0, 0L);
            using = true;
            if (!all.stands(this)) {
                break;
            }
            using = false;
            Processors.aMoment(++looks);
        }
        carryOut();
    }

    /// From now on it does not.
    public void leave() {
        using = false;
    }

    /// Does something while no other processor uses memory. Afterwards what this one knows of
    /// translations may have changed, so it is disturbed.
    public void alone(final Runnable what) {
        try {
            all.alone(this, what);
        } finally {
            disturb();
        }
    }

    /// Has all others do something to what they remember, and waits for that. Afterwards this one
    /// is disturbed, as above.
    public void askOthers(final Consumer<Tlb> what) {
        leave();
        all.ask(all.all() & ~(1L << number), what);
        enter();
        disturb();
    }

    /// Puts a request down.
    ///
    /// @return its number, for [#await]
    public long ask(final Runnable what) {
        final long ticket;
        synchronized (lock) {
            requests.add(what);
            ticket = ++asked;
        }
        wanted = true;
        disturb();
        return ticket;
    }

    /// Returns when a request is done, or is sure to be done before it would be missed.
    void await(final long ticket) {
        int looks = 0;
        while (using && done < ticket) {
            if (isHere()) {
                throw new IllegalStateException("it would wait for itself");
            }
            Processors.aMoment(++looks);
        }
    }

    /// Returns when it uses no translations, or has stopped doing so since this was called.
    void awaitLeft() {
        int looks = 0;
        while (using) {
            Processors.aMoment(++looks);
        }
    }

    private void carryOut() {
        if (!wanted) {
            return;
        }
        wanted = false;
        final List<Runnable> now;
        final long ticket;
        synchronized (lock) {
            now = requests;
            requests = new ArrayList<>();
            ticket = asked;
        }
        now.forEach(Runnable::run);
        done = ticket;
    }
}
