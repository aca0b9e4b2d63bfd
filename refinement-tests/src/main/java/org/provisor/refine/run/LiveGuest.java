// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.run;

import io.vavr.control.Option;

import org.provisor.impl.memory.MachineMemory;
import org.provisor.impl.mm.Vcpu;
import org.provisor.spec.abi.Bitness;
import org.provisor.spec.abi.Bytes;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.GuestBytes;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.abi.SharedInfo;
import org.provisor.spec.state.Contents;
import org.provisor.spec.state.GuestView;

/// What a guest that runs offers the specification: its memory as it is, without what the call that
/// is judged has written there already.
final class LiveGuest implements GuestView {

    private static final int SLOTS = 512;
    private static final int FIRST_XEN_SLOT = 256;
    private static final int PAGE_SHIFT = 12;

    private static final int MAX_PFN =
            SharedInfo.LAYOUT.field("arch.max_pfn").offset(Bitness.BITS_64);

    private final Vcpu vcpu;
    private final WatchedMemory watched;
    private final MachineMemory memory;

    LiveGuest(Vcpu vcpu, WatchedMemory watched) {
        this.vcpu = vcpu;
        this.watched = watched;
        memory = vcpu.host().memory();
    }

    /// The words of a frame.
    static long[] words(MachineMemory memory, long mfn) {
        long[] words = new long[SLOTS];
        for (int slot = 0; slot < SLOTS; slot++) {
            words[slot] = memory.word((mfn << PAGE_SHIFT) + ((long) slot << 3));
        }
        return words;
    }

    @Override
    public Contents frame(Mfn mfn) {
        return Contents.of(words(memory, mfn.value()));
    }

    @Override
    public Option<GuestBytes> read(GuestAddress linear, int bytes) {
        long[] words = new long[(bytes + Long.BYTES - 1) / Long.BYTES];
        if (!watched.read(linear.value(), words, bytes)) {
            return Option.none();
        }
        byte[] there = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            there[i] = WatchedMemory.byteOf(words[i / Long.BYTES], i % Long.BYTES);
        }
        watched.undo(linear.value(), there);
        return Option.some(Bytes.of(there));
    }

    @Override
    public boolean writable(GuestAddress linear, int bytes) {
        return watched.writable(linear.value(), bytes);
    }

    @Override
    public long maxPfn(Domid domain) {
        return memory.word((vcpu.domain().sharedInfo() << PAGE_SHIFT) + MAX_PFN);
    }

    @Override
    public long xenSlot(int slot, boolean roM2p) {
        return slot == FIRST_XEN_SLOT && roM2p ? vcpu.host().machineToPhysicalEntry() : 0;
    }
}
