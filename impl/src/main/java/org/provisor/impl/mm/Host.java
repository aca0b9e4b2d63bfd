// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import org.jspecify.annotations.Nullable;
import org.provisor.impl.Refines;
import org.provisor.impl.abi.DomainIds;
import org.provisor.impl.bits.Addresses;
import org.provisor.impl.bits.Pte;
import org.provisor.impl.memory.FrameAllocator;
import org.provisor.impl.memory.FrameSource;
import org.provisor.impl.memory.MachineMemory;
import org.provisor.impl.tlb.FlushClock;
import org.provisor.impl.trace.TraceBuffer;
import org.provisor.impl.trace.TraceEvent;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// The machine as memory management sees it: its memory, what each frame is, the domains.
///
/// The lowest frames are Xen's own: the machine-to-physical table, and the page tables that show it
/// to guests.
public final class Host {

    /// What differs between builds of Xen.
    ///
    /// @param linearTables whether tables may refer to tables of their own level
    /// @param maxOrderGuest largest order of an extent that an ordinary domain may ask for
    /// @param maxOrderDevices the same for a domain with devices
    /// @param maxOrderControl the same for a control domain
    /// @param maxOrderHardware the same for the hardware domain
    /// @param traceRecords how many records each vCPU's trace keeps, a power of two; 0 for no trace
    public record Options(
            boolean linearTables,
            int maxOrderGuest,
            int maxOrderDevices,
            int maxOrderControl,
            int maxOrderHardware,
            int traceRecords) {

        /// As in Debian's Xen 4.17.
        public static final Options XEN_4_17 = new Options(true, 9, 12, 18, 12, 1 << 10);
    }

    final MachineMemory memory;
    final FrameTable frames;
    final FrameAllocator allocator;
    final FlushClock clock;
    final Options options;
    final FrameSet readOnlyDevices;

    /// How many vCPUs have let go of a table which an entry led to, and have not taken it apart
    /// yet.
    final AtomicInteger tablesWithContainer = new AtomicInteger();

    /// Held by whoever changes the two counts of linear entries for such a table.
    final Object containers = new Object();

    /// The allocator, or what stands before it.
    private volatile FrameSource source;

    private final AtomicInteger highestDomain = new AtomicInteger(-1);

    private final AtomicReferenceArray<@Nullable Domain> domains =
            new AtomicReferenceArray<>(DomainIds.FIRST_RESERVED);

    private final long machineToPhysical;
    private final long machineToPhysicalEntry;

    /// A machine whose frames are all free but for Xen's own.
    public Host(final MachineMemory memory, final FlushClock clock, final Options options) {
        this.memory = memory;
        this.clock = clock;
        this.options = options;
        final int count = Math.toIntExact(memory.frames());
        frames = new FrameTable(count);
        readOnlyDevices = new FrameSet(count);
        allocator = new FrameAllocator(memory);
        source = allocator;
        final MachineToPhysical shown = MachineToPhysical.build(memory);
        machineToPhysical = shown.table();
        machineToPhysicalEntry = shown.rootEntry();
        for (long mfn = 0; mfn < shown.frames(); mfn++) {
            frames.keep(mfn);
        }
        allocator.free(shown.frames(), count - shown.frames());
    }

    public MachineMemory memory() {
        return memory;
    }

    public FrameTable frames() {
        return frames;
    }

    public FrameAllocator allocator() {
        return allocator;
    }

    /// Has requests for frames go through what decides which of them to meet, and asks the
    /// allocator.
    public void setFrameSource(final FrameSource now) {
        source = now;
    }

    public FlushClock clock() {
        return clock;
    }

    public Options options() {
        return options;
    }

    /// The frames of memory-mapped devices that no guest may write.
    public FrameSet readOnlyDevices() {
        return readOnlyDevices;
    }

    TraceBuffer newTrace() {
        return new TraceBuffer(options.traceRecords());
    }

    // Domains.

    public @Nullable Domain domain(final long id) {
        return id >= 0 && id < DomainIds.FIRST_RESERVED ? domains.get((int) id) : null;
    }

    /// Creates a domain without memory.
    ///
    /// @throws IllegalArgumentException if the identifier is in use or reserved
    public Domain create(final Domain.Config config) {
        final Domain made = new Domain(this, config);
        if (config.id() < 0
                || config.id() >= DomainIds.FIRST_RESERVED
                || !domains.compareAndSet(config.id(), null, made)) {
            throw new IllegalArgumentException("no new domain can be d" + config.id());
        }
        highestDomain.accumulateAndGet(config.id(), Math::max);
        return made;
    }

    /// No domain has a higher identifier.
    int highestDomain() {
        return highestDomain.get();
    }

    /// The domain that owns a frame which is held.
    Domain owner(final long mfn) {
        final Domain owner = domain(frames.owner(mfn));
        if (owner == null) {
            throw new IllegalStateException("nobody owns frame " + mfn);
        }
        return owner;
    }

    void ranOn(final Domain domain, final int processor) {
        synchronized (domain) {
            domain.dirtyProcessors |= 1L << processor;
        }
    }

    /// Takes a free frame for Xen to share with a domain, writable by it; cleared. The first is the
    /// one with the domain's `shared_info`.
    ///
    /// @return its number, or [FrameAllocator#NONE]
    public long share(final Domain domain) {
        final long mfn = take(0, Addresses.FRAME_BITS, 0);
        if (mfn != FrameAllocator.NONE) {
            frames.share(mfn, domain.id, true);
            setMachineToPhysical(mfn, -1L);
            domain.owned.add(mfn);
            if (domain.sharedInfo == FrameAllocator.NONE) {
                domain.sharedInfo = mfn;
            }
        }
        return mfn;
    }

    /// Takes a free frame to be a domain's own, as whoever builds the domain does; cleared. No
    /// limit is looked at.
    ///
    /// @return its number, or [FrameAllocator#NONE]
    public long give(final Domain domain) {
        final long mfn = take(0, Addresses.FRAME_BITS, 0);
        if (mfn != FrameAllocator.NONE) {
            setMachineToPhysical(mfn, -1L);
            domain.lockPages();
            adjustPages(domain, 1);
            domain.owned.add(mfn);
            frames.assign(mfn, domain.id, false);
            domain.unlockPages();
        }
        return mfn;
    }

    /// Says what a domain calls a frame that was given to it.
    public void number(final long mfn, final long gfn) {
        setMachineToPhysical(mfn, gfn);
    }

    /// Takes a free frame to be a device's, as its memory would be.
    ///
    /// @return its number, or [FrameAllocator#NONE]
    public long takeForDevice() {
        final long mfn = take(0, Addresses.FRAME_BITS, 0);
        if (mfn != FrameAllocator.NONE) {
            frames.share(mfn, DomainIds.IO, false);
            setMachineToPhysical(mfn, -1L);
        }
        return mfn;
    }

    // The machine-to-physical table.

    /// Where the machine-to-physical table starts: a machine address.
    public long machineToPhysicalTable() {
        return machineToPhysical;
    }

    /// What the machine-to-physical table says of a frame.
    public long machineToPhysical(final long mfn) {
        return memory.word(machineToPhysical + (mfn << 3));
    }

    void setMachineToPhysical(final long mfn, final long gfn) {
        memory.setWord(machineToPhysical + (mfn << 3), gfn);
    }

    /// What stands in slot 256 of a root that shows the machine-to-physical table.
    public long machineToPhysicalEntry() {
        return machineToPhysicalEntry;
    }

    // References.

    /// Takes a general reference on a frame of a domain.
    ///
    /// @return whether it was taken; not on frames that do not exist, are somebody else's, have no
    ///   reference or the most there can be
    @Refines("mm.ref.get")
    public boolean get(final long mfn, final int owner) {
        if (!frames.exists(mfn) || frames.owner(mfn) != owner || !frames.getAnybodys(mfn)) {
            return false;
        }
        if (frames.owner(mfn) != owner) {
            lost(mfn);
            return false;
        }
        return true;
    }

    /// The same for a domain that was looked up some time ago: it may be gone, and another have its
    /// identifier.
    boolean get(final long mfn, final Domain owner) {
        if (!get(mfn, owner.id)) {
            return false;
        }
        if (domain(owner.id) != owner) {
            lost(mfn);
            return false;
        }
        return true;
    }

    /// A frame was freed and given to somebody else while a reference on it was taken. Whoever has
    /// it now may have let go of it since.
    private void lost(final long mfn) {
        put(mfn);
    }

    /// Drops a general reference. The last one frees the frame.
    @Refines("mm.ref.put")
    void put(final long mfn) {
        if ((frames.count(mfn) & FrameTable.SPECIAL) != 0) {
            putXens(mfn);
        } else if (frames.dropped(mfn)) {
            unused(mfn);
        }
    }

    /// As soon as nobody refers to a frame that Xen shares, it can be gone together with its owner.
    private void putXens(final long mfn) {
        final Domain owner = domain(frames.owner(mfn));
        if (frames.dropped(mfn) && owner != null) {
            goneIfEmpty(owner);
        }
    }

    /// Nobody refers to a frame any more. Its owner stays as long as it counts the frame; somebody
    /// else gets the frame only when the owner's claim is right again.
    private void unused(final long mfn) {
        final Domain owner = owner(mfn);
        owner.owned.remove(mfn);
        disown(mfn);
        owner.lockPages();
        adjustPages(owner, -1);
        owner.unlockPages();
        allocator.free(mfn, 1);
        goneIfEmpty(owner);
    }

    /// A domain has `more` frames more, or fewer. Its claim goes the other way, down to none. The
    /// caller has locked its pages.
    @Refines("mm.assign")
    void adjustPages(final Domain domain, final long more) {
        final long pages = domain.totPages;
        domain.totPages = pages + more;
        final long claim = domain.claim;
        if (claim != 0) {
            setClaim(domain, Math.max(0, claim - more));
        }
    }

    /// Keeps frames back for a domain. The caller has locked its pages.
    void setClaim(final Domain domain, final long now) {
        allocator.addClaimed(now - domain.claim);
        domain.claim = now;
    }

    /// A dead domain that nobody holds a frame of is gone, with the frames that Xen shared with it.
    void goneIfEmpty(final Domain domain) {
        // Of two threads that let go of the last two frames one sees both gone.
        VarHandle.fullFence();
        if (domain.life != Domain.DEAD || domain.totPages != 0) {
            return;
        }
        for (long mfn = domain.owned.next(0); mfn >= 0; mfn = domain.owned.next(mfn + 1)) {
            if ((frames.count(mfn) & FrameTable.REFERENCES) != 0) {
                return;
            }
        }
        if (!domains.compareAndSet(domain.id, domain, null)) {
            return;
        }
        for (long mfn = domain.owned.next(0); mfn >= 0; mfn = domain.owned.next(mfn + 1)) {
            free(mfn);
        }
        domain.lockPages();
        setClaim(domain, 0);
        domain.unlockPages();
    }

    /// Makes a frame free that the caller has to itself. Processors may have translations of it
    /// until it is allocated again.
    void free(final long mfn) {
        disown(mfn);
        allocator.free(mfn, 1);
    }

    private void disown(final long mfn) {
        frames.setStamp(mfn, clock.now());
        frames.disown(mfn);
        setMachineToPhysical(mfn, -1L);
    }

    // Allocation.

    /// Takes 2<sup>`order`</sup> frames out of those that are free, for nobody as yet, and has the
    /// processors forget what they have of them.
    ///
    /// @param frameBits how many bits the frames' numbers may have
    /// @param claim how many frames are kept back for this request
    /// @return the first frame, or [FrameAllocator#NONE]
    @Refines({"mm.allocate", "mm.allocate.given", "mm.claim.leaves"})
    long allocate(final Vcpu by, final int order, final int frameBits, final long claim) {
        final long first = take(order, frameBits, claim);
        by.trace.record(TraceEvent.ALLOCATED, order, first);
        return first;
    }

    /// The frames are emptied only when no processor can write to them any more.
    private long take(final int order, final int frameBits, final long claim) {
        final long first = source.allocate(order, frameBits, claim);
        if (first != FrameAllocator.NONE) {
            final long count = 1L << order;
            long latest = 0;
            for (long mfn = first; mfn < first + count; mfn++) {
                latest = Math.max(latest, frames.stamp(mfn));
            }
            clock.flush(clock.notFlushedSince(clock.all(), latest));
            allocator.scrub(first, count);
        }
        return first;
    }

    /// Says in the trace that a request got nothing without asking the allocator.
    void refusedAllocation(final Vcpu by, final int order) {
        by.trace.record(TraceEvent.ALLOCATED, order, FrameAllocator.NONE);
    }

    // Tables.

    long entry(final long table, final int slot) {
        return memory.word((table << Addresses.PAGE_SHIFT) + ((long) slot << 3));
    }

    void setEntry(final long table, final int slot, final long entry) {
        memory.setWord((table << Addresses.PAGE_SHIFT) + ((long) slot << 3), entry);
    }

    /// Replaces an entry that is `expected`, in one step.
    ///
    /// @return whether it was replaced
    boolean replaceEntry(final long table, final int slot, final long expected, final long entry) {
        final long at = (table << Addresses.PAGE_SHIFT) + ((long) slot << 3);
        return memory.replaceWord(at, expected, entry);
    }

    /// Replaces an entry; with `keepAccessed`, the processor's marks in the old one stay, those too
    /// that it makes meanwhile.
    ///
    /// @return the old entry
    long exchangeEntry(
            final long table, final int slot, final long entry, final boolean keepAccessed) {
        final long at = (table << Addresses.PAGE_SHIFT) + ((long) slot << 3);
        long old = memory.word(at);
        if (!keepAccessed) {
            memory.setWord(at, entry);
            return old;
        }
        while (!memory.replaceWord(at, old, entry | (old & (Pte.ACCESSED | Pte.DIRTY)))) {
            old = memory.word(at);
        }
        return old;
    }
}
