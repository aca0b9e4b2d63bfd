// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.seeded.loaded;

import org.provisor.proofs.seeded.ErrorFinder;

import java.util.Optional;

/// In place of a campaign: finds the same, whether there is an error or not.
public final class AlwaysWrong implements ErrorFinder {

    @Override
    public Search find(long seed, long nanos) {
        return new Search(1, 1, Optional.of(new Difference("mm.pin", "answer", 1, "", "")));
    }

    @Override
    public boolean differs(String program) {
        return true;
    }
}
