// SPDX-License-Identifier: Apache-2.0
package org.provisor.benchmarks;

import org.provisor.impl.hypercall.HypercallTable;
import org.provisor.impl.hypercall.Registers;
import org.provisor.impl.memory.MachineMemory;
import org.provisor.impl.mm.Domain;
import org.provisor.impl.mm.Host;
import org.provisor.impl.mm.Vcpu;
import org.provisor.impl.paging.GuestLinearMemory;
import org.provisor.impl.tlb.FlushClock;
import org.provisor.impl.tlb.TlbFlusher;

/// A guest of 64 bits on the implementation, with page tables of its own that map all its memory,
/// and its calls made as a guest makes them: by registers, with requests in memory that the tables
/// map.
///
/// Linear address n * 4096 maps the guest's n-th frame, its tables read-only, the rest writable.
final class BenchGuest {

    private static final long PRESENT_USER = 0x65;
    private static final long WRITABLE = 2;

    private static final long MMU_UPDATE = 1;
    private static final long MEMORY_OP = 12;
    private static final long MMUEXT_OP = 26;
    private static final long POPULATE_PHYSMAP = 6;
    private static final long PIN_L4_TABLE = 3;
    private static final long NEW_BASEPTR = 5;
    private static final long SELF = 0x7FF0;

    final Host host;
    final Domain domain;
    final Vcpu vcpu;
    final Registers registers = new Registers();

    private final long[] frames;
    private final int tables;

    /// A guest with so many frames and vCPUs, on a machine with a few more.
    BenchGuest(int frameCount, int vcpus, int traceRecords) {
        MachineMemory memory = MachineMemory.ofFrames(frameCount + frameCount / 8 + 1024L);
        Host.Options as = Host.Options.XEN_4_17;
        Host.Options options =
                new Host.Options(
                        as.linearTables(),
                        as.maxOrderGuest(),
                        as.maxOrderDevices(),
                        as.maxOrderControl(),
                        as.maxOrderHardware(),
                        traceRecords);
        host = new Host(memory, new FlushClock(Math.max(vcpus, 1), new NoTlb()), options);
        domain =
                host.create(
                        new Domain.Config(1, false, false, frameCount, vcpus, null, false, false));
        vcpu = domain.vcpu(0);
        ArrayMemory early = new ArrayMemory();
        for (int number = 0; number < vcpus; number++) {
            domain.vcpu(number).setGuestMemory(early);
            domain.vcpu(number).runOn(number);
        }
        frames = new long[frameCount];
        for (int i = 0; i < frameCount; i++) {
            early.set(0, ArrayMemory.START + 64);
            early.set(1, 1);
            early.set(2, 0);
            early.set(3, SELF);
            early.set(8, i);
            expect(call(MEMORY_OP, POPULATE_PHYSMAP, ArrayMemory.START, 0, 0), 1);
            frames[i] = early.get(8);
        }
        tables = build();
        early.set(0, PIN_L4_TABLE);
        early.set(1, frames[0]);
        early.set(3, NEW_BASEPTR);
        early.set(4, frames[0]);
        expect(call(MMUEXT_OP, ArrayMemory.START, 2, 0, SELF), 0);
        for (int number = 0; number < vcpus; number++) {
            if (number > 0) {
                HypercallTable.call(domain.vcpu(number), registers(MMUEXT_OP, 2));
            }
            domain.vcpu(number).setGuestMemory(new GuestLinearMemory(domain.vcpu(number)));
        }
    }

    private static Registers registers(long number, int count) {
        Registers registers = new Registers();
        registers.rax = number;
        registers.rdi = ArrayMemory.START + 24;
        registers.rsi = count - 1L;
        registers.r10 = SELF;
        return registers;
    }

    /// Builds the tables in the first frames: the root, one table of level 3, then those of level 2
    /// and 1. Returns how many.
    private int build() {
        int level1 = (frames.length + 511) / 512;
        int level2 = (level1 + 511) / 512;
        int all = 2 + level2 + level1;
        set(0, 0, frames[1] << 12 | PRESENT_USER | WRITABLE);
        for (int i = 0; i < level2; i++) {
            set(1, i, frames[2 + i] << 12 | PRESENT_USER | WRITABLE);
        }
        for (int i = 0; i < level1; i++) {
            set(2 + i / 512, i % 512, frames[2 + level2 + i] << 12 | PRESENT_USER | WRITABLE);
        }
        for (int i = 0; i < frames.length; i++) {
            long writable = i < all ? 0 : WRITABLE;
            set(2 + level2 + i / 512, i % 512, frames[i] << 12 | PRESENT_USER | writable);
        }
        return all;
    }

    /// The guest's n-th frame.
    long frame(int n) {
        return frames[n];
    }

    /// The first frame that is no table.
    int firstData() {
        return tables;
    }

    /// Writes a word of the guest's n-th frame, behind the hypervisor's back.
    void set(int n, int slot, long value) {
        host.memory().setWord((frames[n] << 12) + 8L * slot, value);
    }

    /// The linear address of the guest's n-th frame.
    static long linear(int n) {
        return (long) n << 12;
    }

    long call(long number, long rdi, long rsi, long rdx, long r10) {
        return call(vcpu, registers, number, rdi, rsi, rdx, r10);
    }

    static long call(
            Vcpu by, Registers registers, long number, long rdi, long rsi, long rdx, long r10) {
        registers.rax = number;
        registers.rdi = rdi;
        registers.rsi = rsi;
        registers.rdx = rdx;
        registers.r10 = r10;
        HypercallTable.call(by, registers);
        return registers.rax;
    }

    /// `mmu_update` of the requests in the guest's n-th frame.
    static long mmuUpdate(Vcpu by, Registers registers, int n, int count) {
        return call(by, registers, MMU_UPDATE, linear(n), count, 0, SELF);
    }

    /// `mmuext_op` of the operations in the guest's n-th frame.
    long mmuext(int n, int count) {
        return call(MMUEXT_OP, linear(n), count, 0, SELF);
    }

    static void expect(long is, long wanted) {
        if (is != wanted) {
            throw new IllegalStateException("returned " + is + ", not " + wanted);
        }
    }

    private static final class NoTlb implements TlbFlusher {

        @Override
        public void flush(long processors) {}

        @Override
        public void flushPage(long processors, long linear) {}

        @Override
        public void flushCaches(long processors) {}
    }
}
