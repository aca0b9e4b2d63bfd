// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.members;

import org.provisor.proofs.explore.Lane;
import org.provisor.proofs.smallworld.WorldSize;

import java.security.SecureRandom;
import java.util.concurrent.CompletionException;

/// States of a small world expanded by members.
public final class ExploreLane implements Lane {

    private final Leases leases;
    private final WorldSize size;
    private final long exploration = new SecureRandom().nextLong();

    public ExploreLane(Leases leases, WorldSize size) {
        this.leases = leases;
        this.size = size;
    }

    /// @throws MembersException if all members leave
    @Override
    public byte[] expand(byte[] unit) {
        try {
            byte[] answer = leases.ask(StatesWork.request(exploration, size, unit)).join();
            return Workplace.opened(answer).block();
        } catch (CompletionException e) {
            throw e.getCause() instanceof MembersException gone ? gone : e;
        }
    }
}
