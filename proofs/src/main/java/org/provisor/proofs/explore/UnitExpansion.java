// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.explore;

import org.provisor.proofs.mail.MailReader;
import org.provisor.proofs.mail.MailWriter;

/// The other end of a [Lane]: expands units of consecutive states, for one thread.
///
/// A unit is answered by what is counted and by the successors, in the order in which they come.
/// Those that were answered before are left out, as far as they are remembered; but only if that
/// was for a unit with a lower index, whose successors the asker enters before, whoever it has them
/// from. So what comes first in the order of the log is always in some answer.
public final class UnitExpansion {

    /// Fingerprints remembered: 8 MiB.
    private static final int KNOWN_BITS = 20;

    private final int width;
    private final Expander expander;
    private final Outbox outbox;
    private long last = -1;

    public UnitExpansion(final World world) {
        width = world.width();
        expander = world.expander();
        outbox = new Outbox(world, new VisitedSet(0), KNOWN_BITS);
    }

    /// A unit as it is asked for.
    static byte[] request(
            final StateLog log,
            final int width,
            final long first,
            final long end,
            final int depth) {
        final MailWriter to = new MailWriter().number(first).small(depth);
        to.small((int) (end - first));
        final long[] state = new long[width];
        for (long i = first; i < end; i++) {
            log.read(i, state);
            to.numbers(state, 0, width);
        }
        return to.done();
    }

    /// Expands a unit.
    public byte[] answer(final byte[] unit) {
        final MailReader from = new MailReader(unit);
        final long first = from.number();
        final int depth = from.small();
        final int count = from.small();
        outbox.clear();
        if (first <= last) {
            outbox.forget();
        }
        last = first;
        outbox.expand(
                expander, (_, state) -> from.numbers(state, 0, width), first, first + count, depth);
        final MailWriter to = new MailWriter();
        outbox.write(to);
        return to.done();
    }
}
