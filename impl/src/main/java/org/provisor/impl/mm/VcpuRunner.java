// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

/// Whoever runs the vCPUs of a domain, and has to know what calls say about that.
public interface VcpuRunner {

    /// Nobody runs them.
    VcpuRunner NOBODY =
            new VcpuRunner() {
                @Override
                public void start(final Vcpu who, final long[] context) {}

                @Override
                public void changed() {}

                @Override
                public void shutDown() {}
            };

    /// Sets up the registers of a vCPU that does not run yet.
    ///
    /// @param context by [org.provisor.impl.abi.GuestContextLayout], 8 bytes a word
    void start(Vcpu who, long[] context);

    /// Others are to run than before, see [Vcpu#life].
    void changed();

    /// The domain shuts down, to be powered off.
    void shutDown();
}
