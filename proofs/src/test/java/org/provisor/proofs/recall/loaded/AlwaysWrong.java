// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.recall.loaded;

import org.provisor.proofs.recall.MutantFinder;

import java.util.Optional;

/// In place of a campaign: finds the same, whatever there is.
public final class AlwaysWrong implements MutantFinder {

    @Override
    public Search find(long seed, long steps, long cpuNanos) {
        return new Search(1, 1, 1, Optional.of(new Found("mm.pin", "answer", 1, "", "")));
    }

    @Override
    public boolean differs(String program) {
        return true;
    }
}
