// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.jit;

import java.util.Arrays;

/// Where indirect jumps and calls have been seen to go. It forgets: each place of the table belongs
/// to the last instruction that came there.
final class IndirectTargets {

    private static final int SITES = 1 << 8;
    private static final int MOST = 24;

    private final long[] sites = new long[SITES];
    private final long[][] targets = new long[SITES][];
    private final int[] counts = new int[SITES];

    /// Notes where an instruction went.
    ///
    /// @return whether that was not known
    boolean saw(final long site, final long target) {
        final int at = place(site);
        if (targets[at] == null || sites[at] != site) {
            sites[at] = site;
            targets[at] = new long[MOST];
            counts[at] = 0;
        }
        for (int i = 0; i < counts[at]; i++) {
            if (targets[at][i] == target) {
                return false;
            }
        }
        if (counts[at] == MOST) {
            return false;
        }
        targets[at][counts[at]++] = target;
        return true;
    }

    /// Where an instruction has been seen to go.
    long[] of(final long site) {
        final int at = place(site);
        return targets[at] == null || sites[at] != site
                ? new long[0]
                : Arrays.copyOf(targets[at], counts[at]);
    }

    private static int place(final long site) {
        return (int) (site ^ site >>> 8 ^ site >>> 16) & SITES - 1;
    }
}
