// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.explore;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// A world with something changed.
class Wrapped implements World {

    private final World inner;

    Wrapped(final World inner) {
        this.inner = inner;
    }

    /// Called before a state is expanded.
    void beforeExpand(final long[] state, final int at) {}

    /// In place of the inner world's check.
    @Nullable String check(final long[] state, final int at) {
        return null;
    }

    @Override
    public String configuration() {
        return inner.configuration();
    }

    @Override
    public int width() {
        return inner.width();
    }

    @Override
    public List<long[]> initial() {
        return inner.initial();
    }

    @Override
    public List<String> kinds() {
        return inner.kinds();
    }

    @Override
    public int kind(final int action) {
        return inner.kind(action);
    }

    @Override
    public String describe(final long[] state) {
        return inner.describe(state);
    }

    @Override
    public String describeAction(final long[] from, final int action) {
        return inner.describeAction(from, action);
    }

    @Override
    public Expander expander() {
        final Expander expander = inner.expander();
        return new Expander() {
            @Override
            public void expand(final long[] state, final int at, final Successors out) {
                beforeExpand(state, at);
                expander.expand(state, at, out);
            }

            @Override
            public @Nullable String check(final long[] state, final int at) {
                return Wrapped.this.check(state, at);
            }
        };
    }
}
