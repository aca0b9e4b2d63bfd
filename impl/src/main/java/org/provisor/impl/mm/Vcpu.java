// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import org.provisor.impl.trace.TraceBuffer;

import java.util.Arrays;

/// What memory management keeps of a virtual CPU, and what a call of it works with. One thread at a
/// time makes calls for a vCPU.
public final class Vcpu {

    /// In place of a frame number: no frame.
    public static final long NONE = -1;

    /// The largest number of pages of a local descriptor table.
    static final int LDT_PAGES = 16;

    /// The largest number of the guest's frames of a global descriptor table.
    static final int GDT_FRAMES = 14;

    private static final Preemption NEVER = () -> false;

    final Host host;
    final Domain domain;
    final int number;
    final TraceBuffer trace;

    volatile int processor;

    /// See [VcpuLife]; up, unless whoever runs several says otherwise. Changed by its domain.
    volatile int life = VcpuLife.UP;

    /// The root table its kernel runs on, and that of its user mode.
    volatile long root = NONE;

    volatile long userRoot = NONE;

    volatile long ldtBase;
    volatile int ldtEntries;
    final long[] ldtFrames = new long[LDT_PAGES];

    volatile int gdtEntries;
    final long[] gdtFrames = new long[GDT_FRAMES];

    /// A table let go of and not yet taken apart; the table of an entry that led to it, if an entry
    /// did; and whether its type reference is the one that goes with a partial table.
    volatile long oldTable = NONE;

    volatile long oldContainer = NONE;
    volatile boolean oldPartial;

    GuestMemory guest;
    Preemption preemption = NEVER;

    private final EntryState entry = new EntryState();

    /// The entry as it is to be stored, after its references were taken.
    long taken;

    /// What a compare-and-exchange found, or where it could not read.
    long found;

    /// Whether the caches of translations of the tables' owner are owed a flush.
    boolean flushTables;

    /// Where what a call reads from the guest is kept.
    final long[] words = new long[16];

    /// A memory map on its way between the guest and Xen.
    final long[] memoryMap = new long[3 * MemoryMaps.MAX_RANGES];

    final Reservation reservation;
    final Exchange exchange;

    /// Frames of a batch.
    final long[] batch = new long[GDT_FRAMES];

    /// Whether the call is to be made again, and with what in `rax` and its arguments.
    boolean continued;

    final long[] continuation = new long[6];

    Vcpu(final Host host, final Domain domain, final int number) {
        this.host = host;
        this.domain = domain;
        this.number = number;
        guest = new NoMemory();
        trace = host.newTrace();
        reservation = new Reservation(this);
        exchange = new Exchange(this);
        Arrays.fill(ldtFrames, NONE);
        Arrays.fill(gdtFrames, NONE);
    }

    /// Says where its kernel's memory is.
    public void setGuestMemory(final GuestMemory memory) {
        guest = memory;
    }

    /// Says what preempts its calls.
    public void setPreemption(final Preemption source) {
        preemption = source;
    }

    /// Has it run on a processor.
    public void runOn(final int now) {
        processor = now;
        host.ranOn(domain, now);
    }

    public Host host() {
        return host;
    }

    public Domain domain() {
        return domain;
    }

    public int number() {
        return number;
    }

    /// Whether it is set up and is to run, see [VcpuLife].
    public int life() {
        return life;
    }

    public int processor() {
        return processor;
    }

    public TraceBuffer trace() {
        return trace;
    }

    public GuestMemory guest() {
        return guest;
    }

    /// How its kernel wants to be entered.
    public EntryState entry() {
        return entry;
    }

    public long root() {
        return root;
    }

    public long userRoot() {
        return userRoot;
    }

    public long ldtBase() {
        return ldtBase;
    }

    /// Says where its local descriptor table is, which is mapped when it is used.
    public void setLdt(final long base, final int entries) {
        ldtBase = base;
        ldtEntries = entries;
    }

    public int ldtEntries() {
        return ldtEntries;
    }

    /// The frame mapped of a page of the local descriptor table, or [#NONE].
    public long ldtFrame(final int page) {
        return ldtFrames[page];
    }

    public int gdtEntries() {
        return gdtEntries;
    }

    /// The frame of a page of the global descriptor table, or [#NONE].
    public long gdtFrame(final int page) {
        return gdtFrames[page];
    }

    public long oldTable() {
        return oldTable;
    }

    public long oldContainer() {
        return oldContainer;
    }

    public boolean oldPartial() {
        return oldPartial;
    }

    /// Whether the call that just ended is to be made again.
    public boolean continued() {
        return continued;
    }

    /// The number of a call to be made again, and its arguments: 0 to 5.
    public long continuation(final int index) {
        return continuation[index];
    }

    /// Before a call.
    public void begin() {
        continued = false;
    }

    /// Whether the call that runs is to stop where it is.
    public boolean preempted() {
        return preemption.due();
    }

    /// Where what a call reads from the guest is kept: 16 words.
    public long[] words() {
        return words;
    }

    /// The call is to be made again, like this. What is no argument of it is not looked at.
    ///
    /// @return 0, to be returned by whoever calls this
    public long again(final int call, final long a, final long b, final long c, final long d) {
        continued = true;
        continuation[0] = call;
        continuation[1] = a;
        continuation[2] = b;
        continuation[3] = c;
        continuation[4] = d;
        return 0;
    }

    /// What a compare-and-exchange found, in the lowest bytes, or where it could not read.
    public long found() {
        return found;
    }

    /// Leaves a table to be taken apart later.
    void leave(final long table, final long container, final boolean partial) {
        if (container != NONE) {
            host.tablesWithContainer.incrementAndGet();
        }
        oldContainer = container;
        oldPartial = partial;
        oldTable = table;
    }

    private static final class NoMemory implements GuestMemory {

        @Override
        public boolean read(final long linear, final long[] to, final int bytes) {
            return false;
        }

        @Override
        public boolean writable(final long linear, final int bytes) {
            return false;
        }

        @Override
        public boolean write(final long linear, final long value, final int bytes) {
            return false;
        }
    }
}
