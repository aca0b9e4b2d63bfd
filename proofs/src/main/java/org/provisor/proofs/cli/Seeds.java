// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import org.jspecify.annotations.Nullable;

/// Seeds as they are given on the command line.
final class Seeds {

    private Seeds() {}

    /// The seed that was given, or another each time.
    ///
    /// @throws BadInput if it is no number
    static long chosen(@Nullable String seed) {
        return seed == null ? System.nanoTime() ^ System.currentTimeMillis() << 20 : number(seed);
    }

    /// A number like 42 or 0x2a.
    ///
    /// @throws BadInput if it is none
    static long number(String seed) {
        try {
            return seed.startsWith("0x")
                    ? Long.parseUnsignedLong(seed.substring(2), 16)
                    : Long.parseLong(seed);
        } catch (NumberFormatException e) {
            throw new BadInput("--seed must be a number like 42 or 0x2a, not " + seed);
        }
    }
}
