// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.paging;

import org.jspecify.annotations.Nullable;
import org.provisor.impl.bits.Addresses;
import org.provisor.impl.cpu.CodeWatcher;
import org.provisor.impl.cpu.CpuFault;
import org.provisor.impl.cpu.CpuState;
import org.provisor.impl.cpu.FastMemory;
import org.provisor.impl.cpu.PageFaults;
import org.provisor.impl.cpu.Vectors;
import org.provisor.impl.memory.MachineMemory;
import org.provisor.impl.memory.WriteWatcher;
import org.provisor.impl.tlb.KeptEntries;
import org.provisor.impl.tlb.Processor;
import org.provisor.impl.tlb.Tlb;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Memory as the processor finds it through page tables that name machine frames: direct paging.
///
/// Where a page is that leads to no memory, all bits read as one, and what is written is lost.
///
/// One processor uses it. What it compares and stores is one step for other processors. As long as
/// it lies in one word of 8 bytes that is one of the host's processor too; for what crosses words,
/// or takes 16 bytes, all other processors stand still, which takes long.
///
/// @sdm 3A, "Atomic Operations"
public final class DirectMemory implements FastMemory, WriteWatcher {

    private static final int USER_PRIVILEGE = 3;
    private static final int LINE_SHIFT = 6;

    private final CpuState state;
    private final MachineMemory memory;
    private final Tlb tlb;
    private final PageWalker walker;
    private final long end;

    private final KeptEntries kept;

    /// The processor, if there are others at the same time.
    private final @Nullable Processor processor;

    private final long[] attention;

    /// Which lines of a frame hold code that its engine has looked at, as bits; others read it.
    private final Map<Long, Long> codeLines = new ConcurrentHashMap<>();

    private long root;
    private @Nullable CodeWatcher codeWatcher;
    private boolean replaced;

    /// For the only processor, or for several of which one runs at a time.
    ///
    /// @param state of the processor that uses it: its privilege level counts, its fault is raised
    /// @param tlb that processor's
    public DirectMemory(
            final CpuState state,
            final MachineMemory memory,
            final Tlb tlb,
            final PageWalker walker) {
        this(state, memory, tlb, walker, null);
    }

    /// For one of several processors that run at the same time; the memory is shared.
    public DirectMemory(
            final CpuState state,
            final MachineMemory memory,
            final Processor processor,
            final PageWalker walker) {
        this(state, memory, processor.tlb(), walker, processor);
    }

    private DirectMemory(
            final CpuState state,
            final MachineMemory memory,
            final Tlb tlb,
            final PageWalker walker,
            final @Nullable Processor processor) {
        this.processor = processor;
        attention = processor == null ? new long[1] : processor.attention();
        this.state = state;
        this.memory = memory;
        this.tlb = tlb;
        this.walker = walker;
        end = memory.frames() << Addresses.PAGE_SHIFT;
        kept = tlb.kept();
    }

    /// The frame of the root table.
    public long root() {
        return root;
    }

    /// Has the processor use another root. What it knows of either stays.
    public void setRoot(final long mfn) {
        root = mfn;
    }

    /// Counts what it walks.
    public PageWalker walker() {
        return walker;
    }

    @Override
    public long load(final long address, final int bytes) {
        final long page = page(address, PageWalker.READ, 0);
        final long offset = address & Addresses.PAGE_OFFSET;
        if (offset + bytes <= Addresses.PAGE_SIZE) {
            return get(page | offset, bytes);
        }
        return across(address, bytes, page, page(next(address), PageWalker.READ, 0));
    }

    @Override
    public long loadForWrite(final long address, final int bytes) {
        final long page = pageForWrite(address);
        final long offset = address & Addresses.PAGE_OFFSET;
        if (offset + bytes <= Addresses.PAGE_SIZE) {
            return get(page | offset, bytes);
        }
        return across(address, bytes, page, pageForWrite(next(address)));
    }

    private long across(final long address, final int bytes, final long first, final long second) {
        long value = 0;
        for (int i = bytes - 1; i >= 0; i--) {
            value = value << Byte.SIZE | get(at(address, i, first, second), 1);
        }
        return value;
    }

    @Override
    public void store(final long address, final int bytes, final long value) {
        final long page = pageForWrite(address);
        final long offset = address & Addresses.PAGE_OFFSET;
        if (offset + bytes <= Addresses.PAGE_SIZE) {
            put(page | offset, bytes, value);
            return;
        }
        final long second = pageForWrite(next(address));
        for (int i = 0; i < bytes; i++) {
            put(at(address, i, page, second), 1, value >>> (i * Byte.SIZE));
        }
    }

    @Override
    public boolean compareAndStore(
            final long address, final int bytes, final long expected, final long value) {
        final long offset = address & Addresses.PAGE_OFFSET;
        final int inWord = (int) offset & Long.BYTES - 1;
        final long place = pageForWrite(address) | offset;
        if (inWord + bytes > Long.BYTES || place >= end) {
            return compareAndStoreApart(address, bytes, expected, value);
        }
        final int shift = inWord * Byte.SIZE;
        final long part = -1L >>> (Long.SIZE - bytes * Byte.SIZE);
        final long word = place - inWord;
        while (true) {
            final long seen = memory.word(word);
            if ((seen >>> shift & part) != expected) {
                return false;
            }
            final long wanted = (seen & ~(part << shift)) | (value & part) << shift;
            if (memory.replaceWord(word, seen, wanted)) {
                return true;
            }
        }
    }

    private boolean compareAndStoreApart(
            final long address, final int bytes, final long expected, final long value) {
        if (processor == null) {
            return compareAndStoreAlone(address, bytes, expected, value);
        }
        processor.alone(() -> replaced = compareAndStoreAlone(address, bytes, expected, value));
        return replaced;
    }

    private boolean compareAndStoreAlone(
            final long address, final int bytes, final long expected, final long value) {
        if (loadForWrite(address, bytes) != expected) {
            return false;
        }
        store(address, bytes, value);
        return true;
    }

    @Override
    public boolean compareAndStore16(
            final long address,
            final long expectedLow,
            final long expectedHigh,
            final long low,
            final long high) {
        if (processor == null) {
            return compareAndStorePair(address, expectedLow, expectedHigh, low, high);
        }
        processor.alone(() ->
                replaced = compareAndStorePair(address, expectedLow, expectedHigh, low, high));
        return replaced;
    }

    private boolean compareAndStorePair(
            final long address,
            final long expectedLow,
            final long expectedHigh,
            final long low,
            final long high) {
        if (loadForWrite(address, Long.BYTES) != expectedLow
                || loadForWrite(address + Long.BYTES, Long.BYTES) != expectedHigh) {
            return false;
        }
        store(address, Long.BYTES, low);
        store(address + Long.BYTES, Long.BYTES, high);
        return true;
    }

    @Override
    public int fetch(final long address, final byte[] into) {
        final long offset = address & Addresses.PAGE_OFFSET;
        final int first = (int) Math.min(into.length, Addresses.PAGE_SIZE - offset);
        if (!fetched(address, into, 0, first)) {
            return 0;
        }
        final boolean more =
                first < into.length && fetched(next(address), into, first, into.length - first);
        return more ? into.length : first;
    }

    private boolean fetched(
            final long address, final byte[] into, final int from, final int count) {
        if (!Addresses.canonical(address)) {
            return false;
        }
        long value = tlb.find(root, address, Tlb.EXECUTABLE | user());
        if (value == Tlb.MISS) {
            if (walk(address, PageWalker.FETCH) != PageWalker.FINE) {
                return false;
            }
            value = walker.value();
        }
        final long place = (value & Addresses.PAGE_MASK) | (address & Addresses.PAGE_OFFSET);
        if (place >= end) {
            Arrays.fill(into, from, from + count, (byte) -1);
        } else {
            memory.copyOut(place, into, from, count);
        }
        return true;
    }

    // What generated code uses.

    @Override
    public long[] readEntries() {
        return kept.reads();
    }

    @Override
    public long[] writeEntries() {
        return kept.writes();
    }

    @Override
    public MemorySegment everywhere() {
        return MachineMemory.everywhere();
    }

    @Override
    public long space() {
        return kept.space(root, user() == 0);
    }

    @Override
    public long mappings(final long space) {
        return kept.mappings(space);
    }

    @Override
    public long loadAndKeep(final long address, final int bytes) {
        final long value = load(address, bytes);
        final long page = tlb.find(root, address, user());
        if (page != Tlb.MISS && (page & Addresses.PAGE_MASK) < end) {
            kept.keepRead(space(), address, distance(page, address));
        }
        return value;
    }

    @Override
    public long loadForWriteAndKeep(final long address, final int bytes) {
        final long value = loadForWrite(address, bytes);
        keepForWrite(address);
        return value;
    }

    @Override
    public void storeAndKeep(final long address, final int bytes, final long value) {
        store(address, bytes, value);
        keepForWrite(address);
    }

    private void keepForWrite(final long address) {
        final long value = tlb.find(root, address, Tlb.WRITABLE | user());
        if (value == Tlb.MISS) {
            return;
        }
        final long page = value & Addresses.PAGE_MASK;
        if (page < end && !memory.isWatched(page >>> Addresses.PAGE_SHIFT)) {
            kept.keepWrite(space(), address, distance(page, address));
        }
    }

    private long distance(final long entry, final long address) {
        return memory.address()
                + (entry & Addresses.PAGE_MASK)
                - (address & ~Addresses.PAGE_OFFSET);
    }

    @Override
    public long codeFrame(final long address) {
        if (!Addresses.canonical(address)) {
            return -1;
        }
        long value = tlb.find(root, address, Tlb.EXECUTABLE | user());
        if (value == Tlb.MISS) {
            if (walk(address, PageWalker.FETCH) != PageWalker.FINE) {
                return -1;
            }
            value = walker.value();
        }
        kept.codeAt(address);
        final long page = value & Addresses.PAGE_MASK;
        return page < end ? page >>> Addresses.PAGE_SHIFT : -1;
    }

    @Override
    public void setCodeWatcher(final CodeWatcher watcher) {
        if (codeWatcher == null) {
            memory.addWatcher(this);
        }
        codeWatcher = watcher;
    }

    @Override
    public boolean watchCode(final long frame, final long lines) {
        if (processor == null) {
            memory.watch(frame);
            return false;
        }
        final long before = codeLines.getOrDefault(frame, 0L);
        if ((before & lines) == lines) {
            return false;
        }
        codeLines.put(frame, before | lines);
        // Whoever writes looks at the lines afterwards; who translates looks at the bytes.
        VarHandle.fullFence();
        if (memory.watch(frame, this)) {
            final long start = memory.address() + (frame << Addresses.PAGE_SHIFT);
            kept.forgetWrites(start);
            processor.askOthers(other -> other.kept().forgetWrites(start));
        }
        return true;
    }

    @Override
    public boolean isShared() {
        return processor != null;
    }

    @Override
    public long[] attention() {
        return attention;
    }

    @Override
    public void watching(final long mfn) {
        kept.forgetWrites(memory.address() + (mfn << Addresses.PAGE_SHIFT));
    }

    /// What another processor writes this one is told of soon, and until then it goes on with what
    /// was there, as a processor does that has fetched it already.
    ///
    /// @sdm 3A, "Handling Self- and Cross-Modifying Code"
    @Override
    public boolean written(final long maddr, final long bytes) {
        final long frame = maddr >>> Addresses.PAGE_SHIFT;
        if (processor == null || processor.isHere()) {
            final boolean used = tellCode(maddr, bytes);
            if (!used) {
                codeLines.remove(frame);
            }
            return used;
        }
        final int first = (int) (maddr >>> LINE_SHIFT) & Long.SIZE - 1;
        final int last = (int) ((maddr + bytes - 1) >>> LINE_SHIFT) & Long.SIZE - 1;
        final long lines = -1L << first & -1L >>> (Long.SIZE - 1 - last);
        if ((codeLines.getOrDefault(frame, 0L) & lines) != 0) {
            processor.ask(() -> {
                if (!written(maddr, bytes)) {
                    memory.unwatch(frame, this);
                }
            });
        }
        return true;
    }

    private boolean tellCode(final long maddr, final long bytes) {
        final CodeWatcher watcher = codeWatcher;
        return watcher != null && watcher.written(maddr, bytes);
    }

    @Override
    public CpuFault fetchFault(final long address) {
        if (!Addresses.canonical(address)) {
            return state.fault().of(Vectors.GP, 0);
        }
        final int error = walk(address, PageWalker.FETCH);
        // There is a page by now: another processor has mapped it. The instruction is tried again.
        final int told = error == PageWalker.FINE ? tried(PageWalker.FETCH) : error;
        return state.fault().pageFault(told, address);
    }

    private long pageForWrite(final long address) {
        return page(address, PageWalker.WRITE, Tlb.WRITABLE);
    }

    /// The machine address of the page of 4 KiB that holds an address.
    private long page(final long address, final int access, final int needed) {
        final long value = tlb.find(root, address, needed | user());
        if (value != Tlb.MISS && Addresses.canonical(address)) {
            return value & Addresses.PAGE_MASK;
        }
        return miss(address, access);
    }

    private long miss(final long address, final int access) {
        if (!Addresses.canonical(address)) {
            throw state.fault().of(Vectors.GP, 0);
        }
        final int error = walk(address, access);
        if (error != PageWalker.FINE) {
            throw state.fault().pageFault(error, address);
        }
        return walker.value() & Addresses.PAGE_MASK;
    }

    private int walk(final long address, final int access) {
        final int error = walker.walk(root, address, tried(access));
        if (error == PageWalker.FINE) {
            tlb.put(root, address, walker.value(), walker.large());
        } else {
            // The processor forgets what it has of an address at which it faults.
            tlb.flushPage(address);
        }
        return error;
    }

    private int tried(final int access) {
        return state.privilege() == USER_PRIVILEGE ? access | PageFaults.USER : access;
    }

    private int user() {
        return state.privilege() == USER_PRIVILEGE ? Tlb.USER : 0;
    }

    private long get(final long place, final int bytes) {
        return place < end ? memory.load(place, bytes) : -1L >>> (Long.SIZE - bytes * Byte.SIZE);
    }

    private void put(final long place, final int bytes, final long value) {
        if (place < end) {
            memory.store(place, bytes, value);
        }
    }

    /// Where byte `i` of an access to two pages is.
    private static long at(final long address, final int i, final long first, final long second) {
        final long offset = address + i & Addresses.PAGE_OFFSET;
        return (offset >= (address & Addresses.PAGE_OFFSET) ? first : second) | offset;
    }

    /// The first byte of the next page.
    private static long next(final long address) {
        return (address | Addresses.PAGE_OFFSET) + 1;
    }
}
