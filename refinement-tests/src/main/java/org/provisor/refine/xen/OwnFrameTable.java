// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.xen;

import org.provisor.impl.mm.Host;
import org.provisor.spec.abi.Domid;

import java.util.BitSet;

/// The implementation's table of frames, whose words are laid out as Xen's but that Xen says in
/// them which frames are free and which its own.
final class OwnFrameTable extends FrameTable {

    private final Host host;

    OwnFrameTable(Host host) {
        this.host = host;
    }

    @Override
    int frames() {
        return host.frames().size();
    }

    private boolean is(int mfn, Domid who) {
        return host.frames().owner(mfn) == who.value();
    }

    @Override
    long count(int mfn) {
        if (is(mfn, Domid.INVALID)) {
            return STATE;
        }
        return is(mfn, Domid.XEN) ? XEN_HEAP : host.frames().count(mfn);
    }

    @Override
    long type(int mfn) {
        return host.frames().type(mfn);
    }

    @Override
    long owner(int mfn) {
        return is(mfn, Domid.INVALID) || is(mfn, Domid.XEN) ? 0 : 1L + host.frames().owner(mfn);
    }

    @Override
    BitSet owned(long owner) {
        BitSet found = new BitSet(frames());
        for (int mfn = 0; mfn < frames(); mfn++) {
            if (owner(mfn) == owner && owner != 0) {
                found.set(mfn);
            }
        }
        return found;
    }

    @Override
    long physical(int mfn) {
        return host.machineToPhysical(mfn);
    }
}
