// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.members;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;

import org.jspecify.annotations.Nullable;

import java.io.Serializable;
import java.util.Objects;
import java.util.concurrent.Callable;

/// A request on its way to a member of Hazelcast's, and done there.
final class Asked implements Callable<byte[]>, HazelcastInstanceAware, Serializable {

    private static final long serialVersionUID = 1L;

    private final byte[] request;
    private transient @Nullable HazelcastInstance at;

    Asked(byte[] request) {
        this.request = request;
    }

    @Override
    public void setHazelcastInstance(HazelcastInstance instance) {
        at = instance;
    }

    @Override
    public byte[] call() {
        Workplace workplace =
                (Workplace)
                        Objects.requireNonNull(at).getUserContext().get(HazelcastMember.WORKPLACE);
        return Objects.requireNonNull(workplace).answer(request);
    }
}
