// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.smallworld;

import io.vavr.control.Option;

import org.jspecify.annotations.Nullable;
import org.provisor.proofs.explore.Trace;
import org.provisor.spec.example.Changes;
import org.provisor.spec.invariant.Invariant;
import org.provisor.spec.state.Machine;

import java.util.Arrays;
import java.util.List;

/// A trace told in words: each action, and the lines that changed.
///
/// The states of a trace are the canonical ones of their classes, so that a frame may have another
/// number in each. Here a frame keeps the number that it had at the start.
final class Story {

    private final WorldSize size;
    private final List<Action> actions;
    private final Codec codec;
    private final Attempts attempts;
    private final Numbering numbering;
    private final StringBuilder told = new StringBuilder();

    // Where the story is: the state with the frames as they were numbered at the start, and how
    // each frame of the canonical state is called there.
    private final long[] now;
    private int[] names;

    Story(final WorldSize size, final List<Action> actions) {
        this.size = size;
        this.actions = actions;
        codec = new Codec(size);
        attempts = new Attempts(size, codec, new Rows());
        numbering = new Numbering(size);
        now = new long[Codec.width(size)];
        codec.encode(codec.start(), now);
        names = identity();
        if (size.reduced()) {
            numbering.canonical(now, new long[now.length]);
            names = inverse(numbering.names());
        }
    }

    /// The trace in words, each line ended by a line feed.
    String of(final Trace trace) {
        told.append("  0  ").append(size.text()).append('\n');
        int step = 0;
        long[] from = words(trace.encoded());
        for (final Trace.Step next : trace.steps()) {
            step++;
            told.append(String.format("%3d  ", step));
            switch (next) {
                case Trace.Reached reached -> {
                    take(from, reached.action());
                    from = words(reached.encoded());
                }
                case Trace.Broken broken -> {
                    told.append(text(from, broken.action())).append('\n');
                    told.append("     breaks: ").append(broken.what()).append('\n');
                }
            }
        }
        final Option<Invariant.Violation> wrong =
                Invariant.violated(new Codec(size).decode(now, 0));
        if (wrong.isDefined()) {
            told.append("     ").append(wrong.get()).append('\n');
        }
        return told.toString();
    }

    /// The action in words, with the frames as they are numbered in `from`.
    String action(final long[] from, final int label) {
        names = identity();
        return text(from, label);
    }

    private void take(final long[] from, final int label) {
        final Machine before = new Codec(size).decode(now, 0);
        final Found found = found(from, label);
        told.append(found.text()).append('\n');
        final List<Long> reached = found.raw();
        if (reached == null) {
            return;
        }
        final long[] raw = words(reached);
        Numbering.renumber(raw, names, now);
        final Machine after = new Codec(size).decode(now, 0);
        for (final String line : Changes.between(before, after)) {
            told.append("       ").append(line).append('\n');
        }
        if (size.reduced() && !Arrays.equals(raw, from)) {
            numbering.canonical(raw, new long[raw.length]);
            final int[] canonical = numbering.names();
            final int[] next = new int[names.length];
            for (int frame = 0; frame < next.length; frame++) {
                next[canonical[frame]] = names[frame];
            }
            names = next;
        }
    }

    private String text(final long[] from, final int label) {
        return found(from, label).text();
    }

    /// An attempt found again: in words, and what it led to, if anything.
    private record Found(String text, @Nullable List<Long> raw) {}

    private Found found(final long[] from, final int label) {
        final Action action = actions.get(SmallWorld.action(label));
        final int wanted = SmallWorld.attempt(label);
        final Found[] found = new Found[1];
        attempts.in(from, 0);
        attempts.all(
                action,
                new Attempts.Sink() {
                    @Override
                    public boolean reached(final int attempt, final long[] raw) {
                        if (attempt == wanted) {
                            found[0] = new Found(said(), Arrays.stream(raw).boxed().toList());
                        }
                        return attempt < wanted;
                    }

                    @Override
                    public boolean broke(final int attempt, final String what) {
                        if (attempt == wanted) {
                            found[0] = new Found(said(), null);
                        }
                        return attempt < wanted;
                    }

                    private String said() {
                        return action.text(names) + attempts.how(names);
                    }
                });
        return found[0];
    }

    private static long[] words(final List<Long> encoded) {
        return encoded.stream().mapToLong(Long::longValue).toArray();
    }

    private int[] identity() {
        final int[] same = new int[size.frames() + 1];
        Arrays.setAll(same, i -> i);
        return same;
    }

    private static int[] inverse(final int[] names) {
        final int[] inverse = new int[names.length];
        for (int i = 0; i < names.length; i++) {
            inverse[names[i]] = i;
        }
        return inverse;
    }
}
