// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.launch;

import org.provisor.impl.abi.SharedInfoLayout;
import org.provisor.impl.memory.MachineMemory;
import org.provisor.impl.pv.VcpuInfo;

/// What a vCPU shares with Xen, where it is at first: in the page that the domain shares.
final class SharedVcpuInfo implements VcpuInfo {

    private final MachineMemory memory;
    private final long start;

    /// @param start machine address
    SharedVcpuInfo(final MachineMemory memory, final long start) {
        this.memory = memory;
        this.start = start;
    }

    @Override
    public boolean upcallPending() {
        return memory.load(start + SharedInfoLayout.UPCALL_PENDING, 1) != 0;
    }

    @Override
    public int upcallMask() {
        return (int) memory.load(start + SharedInfoLayout.UPCALL_MASK, 1);
    }

    @Override
    public void setUpcallMask(final int mask) {
        memory.store(start + SharedInfoLayout.UPCALL_MASK, 1, mask);
    }

    @Override
    public void setCr2(final long address) {
        memory.setWord(start + SharedInfoLayout.CR2, address);
    }

    long cr2() {
        return memory.word(start + SharedInfoLayout.CR2);
    }

    /// Says once how the time follows from the time stamp counter, which counts nanoseconds.
    void startTime() {
        memory.store(start + SharedInfoLayout.TIME_MULTIPLIER, 4, 1L << 31);
        memory.store(start + SharedInfoLayout.TIME_SHIFT, 1, 1);
        memory.store(start + SharedInfoLayout.TIME_VERSION, 4, 2);
    }
}
