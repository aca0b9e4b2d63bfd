// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.xen;

import io.vavr.control.Option;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.harness.CallPages;
import org.provisor.refine.program.CallMemory;
import org.provisor.spec.abi.Bytes;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.GuestBytes;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.state.Contents;
import org.provisor.spec.state.GuestView;
import org.provisor.spec.state.Reply;
import org.provisor.spec.state.Store;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What stands in the machine's memory as the specification says. A frame is looked up in the
/// machine when it first matters, which has to be before the machine does anything to it.
final class SpecMemory implements GuestView {

    static final int SLOTS = 512;

    private final GuestRam ram;
    private final long[] @Nullable [] words;
    private final @Nullable MemorySegment[] segments;
    private final CallPages calls = new CallPages();
    private final Translation translation;

    /// Pages of linear addresses, other than call memory, that were looked at since the last
    /// [#remember].
    private final Set<Long> looked = new HashSet<>();

    /// What was there before what is remembered: frames and their words, bytes of call memory.
    private final List<Runnable> undo = new ArrayList<>();

    /// What the caller's linear addresses lead to.
    interface Translation {
        /// The frame, or -1 where the caller may not access it so.
        long frame(long linear, boolean write);
    }

    SpecMemory(GuestRam ram, int frames, Translation translation) {
        this.ram = ram;
        this.translation = translation;
        words = new long[frames] @Nullable [];
        segments = new @Nullable MemorySegment[frames];
    }

    /// The words of a frame.
    long[] words(long mfn) {
        long[] there = words[(int) mfn];
        if (there == null) {
            there = new long[SLOTS];
            ram.copy(mfn, there);
            words[(int) mfn] = there;
            segments[(int) mfn] = MemorySegment.ofArray(there);
        }
        return there;
    }

    boolean known(int mfn) {
        return words[mfn] != null;
    }

    /// The first slot from one on where the machine's memory says something else, or -1.
    int mismatch(long mfn, int from) {
        words(mfn);
        MemorySegment segment = segments[(int) mfn];
        return segment == null ? -1 : ram.mismatch(mfn, from, segment);
    }

    long word(long mfn, int slot) {
        return words(mfn)[slot];
    }

    void setWord(long mfn, int slot, long value) {
        words(mfn)[slot] = value;
    }

    void zero(long mfn) {
        Arrays.fill(words(mfn), 0);
    }

    /// Forgets what stands in a frame, so that it is looked up again.
    void forget(long mfn) {
        words[(int) mfn] = null;
        segments[(int) mfn] = null;
    }

    void forgetAll() {
        Arrays.fill(words, null);
        Arrays.fill(segments, null);
    }

    CallPages calls() {
        return calls;
    }

    /// From here on everything can be undone.
    void remember() {
        undo.clear();
        looked.clear();
    }

    /// Undoes what steps did since.
    void goBack() {
        for (int i = undo.size() - 1; i >= 0; i--) {
            undo.get(i).run();
        }
        undo.clear();
    }

    Set<Long> looked() {
        return looked;
    }

    private void keep(Mfn mfn) {
        long[] there = words(mfn.value());
        long[] copy = there.clone();
        undo.add(() -> System.arraycopy(copy, 0, there, 0, SLOTS));
    }

    // What a step does.

    /// Gets to know the frames of a store before it happens.
    void prepare(Store store) {
        switch (store) {
            case Store.Word(Mfn mfn, int _, long _) -> words(mfn.value());
            case Store.Cleared(Mfn mfn) -> words(mfn.value());
            case Store.Copied(Mfn to, Mfn from) -> {
                words(to.value());
                words(from.value());
            }
            case Store.XenSlots(Mfn table, boolean _) -> words(table.value());
        }
    }

    /// @param shownEntry what stands in slot 256 of a root that shows the machine-to-physical table
    /// @param undoable whether it may have to be undone
    void store(Store store, long shownEntry, boolean undoable) {
        if (undoable) {
            keep(target(store));
        }
        switch (store) {
            case Store.Word(Mfn mfn, int slot, long value) -> setWord(mfn.value(), slot, value);
            case Store.Cleared(Mfn mfn) -> zero(mfn.value());
            case Store.Copied(Mfn to, Mfn from) ->
                    System.arraycopy(words(from.value()), 0, words(to.value()), 0, SLOTS);
            case Store.XenSlots(Mfn table, boolean shown) ->
                    setWord(table.value(), XenSlots.FIRST, shown ? shownEntry : 0);
        }
    }

    static Mfn target(Store store) {
        return switch (store) {
            case Store.Word(Mfn mfn, int _, long _) -> mfn;
            case Store.Cleared(Mfn mfn) -> mfn;
            case Store.Copied(Mfn to, Mfn _) -> to;
            case Store.XenSlots(Mfn table, boolean _) -> table;
        };
    }

    void reply(Reply reply, boolean undoable) {
        long linear = reply.address().value();
        if (CallPages.writable(linear, reply.bytes())) {
            if (undoable) {
                byte[] before = calls.bytes().clone();
                undo.add(() -> System.arraycopy(before, 0, calls.bytes(), 0, before.length));
            }
            calls.write(linear, reply.value(), reply.bytes());
            return;
        }
        for (int i = 0; i < reply.bytes(); i++) {
            long mfn = translation.frame(linear + i, true);
            if (undoable) {
                keep(new Mfn(mfn));
            }
            setByte(mfn, linear + i, reply.value() >>> (8 * i));
        }
    }

    private void setByte(long mfn, long linear, long value) {
        int slot = (int) (linear & 4095) / 8;
        int shift = (int) (linear & 7) * 8;
        setWord(mfn, slot, (word(mfn, slot) & ~(0xFFL << shift)) | ((value & 0xFF) << shift));
    }

    /// Takes over a byte that the caller may write.
    void take(long linear, byte there) {
        if (CallPages.writable(linear, 1)) {
            calls.write(linear, there, 1);
        } else {
            setByte(translation.frame(linear, true), linear, there);
        }
    }

    // What the caller offers.

    @Override
    public Contents frame(Mfn mfn) {
        return Contents.of(words(mfn.value()));
    }

    @Override
    public Option<GuestBytes> read(GuestAddress linear, int bytes) {
        long start = linear.value();
        if (CallPages.readable(start, bytes)) {
            return Option.some(new There(calls.bytes(), (int) (start - CallMemory.START), bytes));
        }
        byte[] copy = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            long mfn = frame(start + i, false);
            if (mfn < 0) {
                return Option.none();
            }
            copy[i] = byteAt(start + i, mfn);
        }
        return Option.some(Bytes.of(copy));
    }

    private byte byteAt(long linear, long mfn) {
        if (CallPages.readable(linear, 1)) {
            return calls.bytes()[(int) (linear - CallMemory.START)];
        }
        return (byte) (word(mfn, (int) (linear & 4095) / 8) >>> ((linear & 7) * 8));
    }

    private long frame(long linear, boolean write) {
        if (!CallPages.readable(linear, 1)) {
            looked.add(linear & -4096);
        }
        return translation.frame(linear, write);
    }

    @Override
    public boolean writable(GuestAddress linear, int bytes) {
        long start = linear.value();
        if (CallPages.writable(start, bytes)) {
            return true;
        }
        if (bytes == 0) {
            return true;
        }
        if (frame(start, true) < 0) {
            return false;
        }
        long next = (start & -4096) + 4096;
        int here = (int) Math.min(bytes, next - start);
        return writable(new GuestAddress(next), bytes - here);
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
}
