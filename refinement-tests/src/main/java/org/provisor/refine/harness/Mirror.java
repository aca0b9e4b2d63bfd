// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.harness;

import io.vavr.collection.List;
import io.vavr.control.Option;

import org.provisor.refine.program.CallMemory;
import org.provisor.refine.program.FrameName;
import org.provisor.refine.program.FrameNumbers;
import org.provisor.refine.program.World;
import org.provisor.refine.program.World.DomainSetup;
import org.provisor.spec.abi.Bitness;
import org.provisor.spec.abi.Bytes;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.GuestBytes;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.abi.SharedInfo;
import org.provisor.spec.state.Contents;
import org.provisor.spec.state.GuestView;
import org.provisor.spec.state.Reply;
import org.provisor.spec.state.Store;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// What stands in memory as the specification says: the words of all frames, and what each domain
/// hands to calls. Nothing of what is compared with the specification writes here.
///
/// It is also what the calling domain offers a step. A step sees it as it was before the step, but
/// for words that are said to change while the call runs, see [Flips].
final class Mirror implements GuestView {

    /// Words in a frame.
    static final int SLOTS = 512;

    private static final int MAX_PFN =
            SharedInfo.LAYOUT.field("arch.max_pfn").offset(Bitness.BITS_64);

    private final long[] words;
    private final CallPages[] calls;

    /// Frames whose words changed since the machine started.
    private final boolean[] dirty;

    private final World world;
    private final FrameNumbers numbers;
    private final long shownEntry;
    private CallPages caller;
    private Flips flips = Flips.NONE;

    /// Memory that is all zero.
    ///
    /// @param shownEntry what stands in slot 256 of a root that shows the machine-to-physical table
    Mirror(World world, FrameNumbers numbers, long shownEntry) {
        this.world = world;
        this.numbers = numbers;
        this.shownEntry = shownEntry;
        words = new long[Math.multiplyExact(world.frames(), SLOTS)];
        dirty = new boolean[world.frames()];
        calls = new CallPages[world.domains().size()];
        Arrays.setAll(calls, domain -> new CallPages());
        caller = calls[0];
    }

    /// All words, the first frame's first.
    long[] words() {
        return words;
    }

    long word(long mfn, int slot) {
        return words[(int) mfn * SLOTS + slot];
    }

    void setWord(long mfn, int slot, long value) {
        dirty[(int) mfn] = true;
        words[(int) mfn * SLOTS + slot] = value;
    }

    /// Sets a word as it was when the machine started.
    void setFirstWord(long mfn, int slot, long value) {
        words[(int) mfn * SLOTS + slot] = value;
    }

    boolean dirty(int mfn) {
        return dirty[mfn];
    }

    void setDirty(long mfn) {
        dirty[(int) mfn] = true;
    }

    /// What the domain of this index hands to calls.
    CallPages calls(int domain) {
        return calls[domain];
    }

    /// As it was when the machine started.
    ///
    /// @param first the words then
    void reset(long[] first) {
        for (int mfn = 0; mfn < dirty.length; mfn++) {
            if (dirty[mfn]) {
                System.arraycopy(first, mfn * SLOTS, words, mfn * SLOTS, SLOTS);
                dirty[mfn] = false;
            }
        }
        for (CallPages pages : calls) {
            pages.clear();
        }
    }

    // What a step does.

    void store(Store store) {
        switch (store) {
            case Store.Word(Mfn mfn, int slot, long value) -> setWord(mfn.value(), slot, value);
            case Store.Cleared(Mfn mfn) -> zero(mfn.value());
            case Store.Copied(Mfn to, Mfn from) -> {
                setDirty(to.value());
                System.arraycopy(
                        words, (int) from.value() * SLOTS, words, (int) to.value() * SLOTS, SLOTS);
            }
            case Store.XenSlots(Mfn table, boolean shown) -> {
                for (int slot = XenSlots.FIRST; slot <= XenSlots.LAST; slot++) {
                    setWord(table.value(), slot, 0);
                }
                setWord(table.value(), XenSlots.FIRST, shown ? shownEntry : 0);
            }
        }
    }

    /// What the frames that stores change would hold after them, by number; nothing changes.
    Map<Long, long[]> after(List<Store> stores) {
        Map<Long, long[]> changed = new HashMap<>();
        for (Store store : stores) {
            switch (store) {
                case Store.Word(Mfn mfn, int slot, long value) -> frame(changed, mfn)[slot] = value;
                case Store.Cleared(Mfn mfn) -> Arrays.fill(frame(changed, mfn), 0);
                case Store.Copied(Mfn to, Mfn from) -> {
                    long[] copied = frame(changed, from).clone();
                    changed.put(to.value(), copied);
                }
                case Store.XenSlots(Mfn table, boolean shown) -> {
                    long[] root = frame(changed, table);
                    Arrays.fill(root, XenSlots.FIRST, XenSlots.LAST + 1, 0);
                    root[XenSlots.FIRST] = shown ? shownEntry : 0;
                }
            }
        }
        return changed;
    }

    private long[] frame(Map<Long, long[]> changed, Mfn mfn) {
        int at = (int) mfn.value() * SLOTS;
        return changed.computeIfAbsent(
                mfn.value(), frame -> Arrays.copyOfRange(words, at, at + SLOTS));
    }

    void zero(long mfn) {
        setDirty(mfn);
        int at = (int) mfn * SLOTS;
        Arrays.fill(words, at, at + SLOTS, 0);
    }

    void reply(int domain, Reply reply) {
        calls[domain].write(reply.address().value(), reply.value(), reply.bytes());
    }

    // What the caller offers.

    /// From here on this domain is the caller, and these of its words change.
    void offer(int domain, Flips now) {
        caller = calls[domain];
        flips = now;
    }

    @Override
    public Contents frame(Mfn mfn) {
        int at = (int) mfn.value() * SLOTS;
        return Contents.of(words, at, SLOTS);
    }

    @Override
    public Option<GuestBytes> read(GuestAddress linear, int bytes) {
        if (!CallPages.readable(linear.value(), bytes)) {
            return Option.none();
        }
        int at = (int) (linear.value() - CallMemory.START);
        GuestBytes there = new There(caller.bytes(), at, bytes);
        return Option.some(flips.none() ? there : flips.seen(linear.value(), there));
    }

    /// What stands in the page that Xen shares with a domain: of several, the first.
    @Override
    public long maxPfn(Domid domain) {
        for (DomainSetup setup : world.domains()) {
            if (setup.id() == domain.value() && setup.shared() > 0) {
                FrameName page = new FrameName(FrameName.Kind.SHARED, setup.id(), 0);
                int at = (int) numbers.number(page) * SLOTS + MAX_PFN / Long.BYTES;
                return words[at];
            }
        }
        return 0;
    }

    @Override
    public boolean writable(GuestAddress linear, int bytes) {
        return CallPages.writable(linear.value(), bytes);
    }

    /// Bytes of call memory, where they stand: they do not change while a step looks at them.
    private static final class There implements GuestBytes {

        private final byte[] memory;
        private final int start;
        private final int size;

        private There(byte[] memory, int start, int size) {
            this.memory = memory;
            this.start = start;
            this.size = size;
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public int byteAt(long at) {
            if (at < 0 || at >= size) {
                throw new IndexOutOfBoundsException("byte " + at + " of " + size);
            }
            return memory[start + (int) at] & 0xFF;
        }

        @Override
        public Bytes slice(long at, int count) {
            if (at < 0 || at > size - count) {
                throw new IndexOutOfBoundsException(count + " bytes at " + at + " of " + size);
            }
            return Bytes.of(Arrays.copyOfRange(memory, start + (int) at, start + (int) at + count));
        }
    }

    @Override
    public long xenSlot(int slot, boolean roM2p) {
        return slot == XenSlots.FIRST && roM2p ? shownEntry : 0;
    }
}
