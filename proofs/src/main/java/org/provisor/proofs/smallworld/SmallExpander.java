// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.smallworld;

import io.vavr.control.Option;

import org.jspecify.annotations.Nullable;
import org.provisor.proofs.explore.Expander;
import org.provisor.proofs.explore.Successors;
import org.provisor.spec.invariant.Invariant;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// Takes every action in a state in every way. For one thread.
final class SmallExpander implements Expander, Attempts.Sink {

    private final List<Action> actions;
    private final boolean reduced;
    private final Codec codec;
    private final Codec checked;
    private final Numbering numbering;
    private final Attempts attempts;
    private final long[] from;
    private final long[] to;

    private @Nullable Successors out;
    private int number;

    SmallExpander(final WorldSize size, final List<Action> actions, final Rows rows) {
        this.actions = actions;
        reduced = size.reduced();
        codec = new Codec(size);
        checked = new Codec(size);
        numbering = new Numbering(size);
        attempts = new Attempts(size, codec, rows);
        from = new long[Codec.width(size)];
        to = new long[Codec.width(size)];
    }

    /// Nothing is expected of a state in which an invariant is violated: it leads nowhere.
    @Override
    public void expand(final long[] state, final int at, final Successors successors) {
        if (check(state, at) != null) {
            return;
        }
        System.arraycopy(state, at, from, 0, from.length);
        out = successors;
        attempts.in(state, at);
        for (int i = 0; i < actions.size(); i++) {
            final Action action = actions.get(i);
            if (attempts.possible(action)) {
                number = i;
                attempts.all(action, this);
            }
        }
        out = null;
    }

    @Override
    public boolean reached(final int attempt, final long[] raw) {
        final Successors successors = Objects.requireNonNull(out);
        if (!reduced || Arrays.equals(raw, from)) {
            successors.add(raw, 0, SmallWorld.label(number, attempt));
        } else {
            numbering.canonical(raw, to);
            successors.add(to, 0, SmallWorld.label(number, attempt));
        }
        return true;
    }

    @Override
    public boolean broke(final int attempt, final String what) {
        Objects.requireNonNull(out).violation(what, SmallWorld.label(number, attempt));
        return true;
    }

    @Override
    public @Nullable String check(final long[] state, final int at) {
        final Option<Invariant.Violation> wrong = Invariant.violated(checked.decode(state, at));
        return wrong.isEmpty() ? null : Broken.by(wrong.get());
    }
}
