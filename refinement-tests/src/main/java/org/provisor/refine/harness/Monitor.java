// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.harness;

import org.jspecify.annotations.Nullable;
import org.provisor.impl.mm.FrameTable;
import org.provisor.impl.mm.Host;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Domains;
import org.provisor.spec.state.Flush;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Frames;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.Outcome;
import org.provisor.spec.state.Store;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Compares the state of both sides, after each attempt as much of it as was touched.
///
/// A frame was touched if the specification has another record of it than before, or the
/// implementation another word. So an attempt costs what it changed, and a look at every frame.
final class Monitor {

    private static final long FRAME_BYTES = Mirror.SLOTS * (long) Long.BYTES;

    private static final MemorySegment POISON = poison();

    private final Host host;
    private final MachineDiff diff;
    private final Flushing flushing;
    private final FlushLog flushes;
    private final Mirror mirror;
    private final MemorySegment mirrored;
    private final MemorySegment memory;
    private final boolean poisons;
    private final int xenFrames;
    private final int[] ids;
    private final Domid[] domids;

    /// What both had when they were last compared.
    private Frames frames;

    private final long[] counts;
    private final long[] types;

    private final @Nullable Domain[] domains;
    private Domains domainsThen;

    Monitor(ImplBoot boot, Mirror mirror, Machine machine, int processors, boolean poisons) {
        host = boot.host;
        diff = new MachineDiff(host, boot.numbers());
        flushes = boot.flushes;
        this.mirror = mirror;
        mirrored = MemorySegment.ofArray(mirror.words());
        memory = host.memory().segment();
        this.poisons = poisons;
        xenFrames = boot.xenFrames;
        frames = machine.frames();
        flushing = new Flushing(boot, frames.size(), processors);
        counts = new long[frames.size()];
        types = new long[frames.size()];
        for (int mfn = 0; mfn < counts.length; mfn++) {
            counts[mfn] = host.frames().count(mfn);
            types[mfn] = host.frames().type(mfn);
        }
        ids = boot.ids();
        domids = new Domid[ids.length];
        domains = new @Nullable Domain[ids.length];
        domainsThen = machine.domains();
        for (int i = 0; i < ids.length; i++) {
            domids[i] = new Domid(ids[i]);
            domains[i] = domainsThen.get(domids[i]).getOrNull();
        }
    }

    private static MemorySegment poison() {
        long[] words = new long[Mirror.SLOTS];
        Arrays.fill(words, ImplMemory.POISON);
        return MemorySegment.ofArray(words);
    }

    /// How many domains there were when both were last compared.
    int domains() {
        return domainsThen.size();
    }

    /// An attempt begins.
    void begin(int processor) {
        flushes.clear();
        flushing.begin(processor);
    }

    /// Compares what an attempt touched, and remembers nothing: to find out which of several
    /// outcomes it was.
    @Nullable Difference tried(Outcome outcome) {
        Difference wrong = triedFrames(outcome.machine());
        wrong = wrong == null ? triedDomains(outcome.machine()) : wrong;
        wrong = wrong == null ? triedMemory(outcome) : wrong;
        if (wrong != null) {
            return wrong;
        }
        Flushing.Memory memory = flushing.memory();
        Frames after = outcome.machine().frames();
        for (int mfn = after.changed(frames, 0);
                mfn < after.size();
                mfn = after.changed(frames, mfn + 1)) {
            flushing.changed(mfn, frames.get(mfn), after.get(mfn));
        }
        wrong = flushing.compare(flushes, outcome.flushes(), frames);
        flushing.recall(memory);
        return wrong;
    }

    private @Nullable Difference triedFrames(Machine machine) {
        Frames now = machine.frames();
        for (int mfn = touched(now, 0); mfn < counts.length; mfn = touched(now, mfn + 1)) {
            Difference wrong = diff.frame(mfn, now.get(mfn));
            if (wrong != null) {
                return wrong;
            }
        }
        return null;
    }

    /// The first frame, from a number on, that either side touched.
    private int touched(Frames now, int from) {
        FrameTable table = host.frames();
        int changed = now.changed(frames, from);
        for (int mfn = from; mfn < changed; mfn++) {
            if (counts[mfn] != table.count(mfn) || types[mfn] != table.type(mfn)) {
                return mfn;
            }
        }
        return changed;
    }

    /// Whether a frame came from the allocator: it was cleared, whatever it was before.
    private static boolean given(Outcome outcome, long mfn) {
        for (Flush flush : outcome.flushes()) {
            if (flush instanceof Flush.Reuse(Mfn first, int order)
                    && mfn >>> order == first.value() >>> order) {
                return true;
            }
        }
        return false;
    }

    private @Nullable Difference triedDomains(Machine machine) {
        for (int i = 0; i < ids.length; i++) {
            Domain domain = machine.domains().get(domids[i]).getOrNull();
            Difference wrong = diff.domain(ids[i], domain);
            wrong = wrong == null ? diff.domainTables(ids[i], domain) : wrong;
            if (wrong != null) {
                return wrong;
            }
        }
        return null;
    }

    /// All of memory, since what was written may be missing in this outcome.
    private @Nullable Difference triedMemory(Outcome outcome) {
        var changed = mirror.after(outcome.stores());
        Frames after = outcome.machine().frames();
        for (int mfn = xenFrames; mfn < after.size(); mfn++) {
            if (after.get(mfn).free() || frames.get(mfn).free() || given(outcome, mfn)) {
                continue;
            }
            long[] words = changed.get((long) mfn);
            MemorySegment specified = words == null ? mirrored : MemorySegment.ofArray(words);
            long from = words == null ? mfn * FRAME_BYTES : 0;
            long at =
                    MemorySegment.mismatch(
                            specified,
                            from,
                            from + FRAME_BYTES,
                            memory,
                            mfn * FRAME_BYTES,
                            (mfn + 1) * FRAME_BYTES);
            if (at >= 0) {
                int slot = (int) at / Long.BYTES;
                return diff.word(mfn, slot, words == null ? mirror.word(mfn, slot) : words[slot]);
            }
        }
        return null;
    }

    /// Compares what an attempt touched, and takes it as how things are now. The mirror has what
    /// the attempt stored.
    @Nullable Difference compare(Outcome outcome) {
        Difference wrong = frames(outcome.machine().frames());
        wrong = wrong == null ? domains(outcome.machine().domains()) : wrong;
        wrong = wrong == null ? stores(outcome) : wrong;
        return wrong;
    }

    /// Compares the flushes of an attempt that was compared.
    @Nullable Difference flushes(Outcome outcome) {
        Difference wrong = flushing.compare(flushes, outcome.flushes(), frames);
        frames = outcome.machine().frames();
        return wrong;
    }

    private @Nullable Difference frames(Frames now) {
        FrameTable table = host.frames();
        for (int mfn = touched(now, 0); mfn < counts.length; mfn = touched(now, mfn + 1)) {
            Difference wrong = frame(mfn, now.get(mfn));
            if (wrong != null) {
                return wrong;
            }
            counts[mfn] = table.count(mfn);
            types[mfn] = table.type(mfn);
        }
        return null;
    }

    private @Nullable Difference frame(int mfn, Frame after) {
        Frame before = frames.get(mfn);
        if (before.m2p() != after.m2p()) {
            mirror.setWord(mfn / Mirror.SLOTS, mfn % Mirror.SLOTS, after.m2p());
        }
        Difference wrong = diff.frame(mfn, after);
        if (wrong == null && !before.table().contents().known()) {
            wrong = diff.contents(mfn, after);
        }
        if (wrong == null && !same(before, after)) {
            flushing.changed(mfn, before, after);
            if (poisons && after.free() && !before.free()) {
                mirror.setDirty(mfn);
                MemorySegment.copy(POISON, 0, memory, mfn * FRAME_BYTES, FRAME_BYTES);
            }
        }
        return wrong;
    }

    /// Whether a record is the one that was there before: if not, it was touched.
    @SuppressWarnings("ReferenceEquality")
    private static boolean same(@Nullable Object before, @Nullable Object after) {
        return before == after;
    }

    private @Nullable Difference domains(Domains now) {
        boolean changed = !same(now, domainsThen);
        domainsThen = now;
        for (int i = 0; i < ids.length; i++) {
            Domain before = domains[i];
            Domain after = changed ? now.get(domids[i]).getOrNull() : before;
            Difference wrong = diff.domain(ids[i], after);
            if (wrong == null && !same(before, after)) {
                domains[i] = after;
                wrong = diff.domainTables(ids[i], before, after);
            }
            if (wrong != null) {
                return wrong;
            }
        }
        return null;
    }

    // Memory.

    private @Nullable Difference stores(Outcome outcome) {
        Machine machine = outcome.machine();
        for (Store store : outcome.stores()) {
            Difference wrong =
                    switch (store) {
                        case Store.Word(Mfn mfn, int slot, long _) ->
                                machine.frame(mfn).free()
                                        ? null
                                        : diff.word(
                                                mfn.value(), slot, mirror.word(mfn.value(), slot));
                        case Store.Cleared(Mfn mfn) -> memory(mfn.value(), machine.frame(mfn));
                        case Store.Copied(Mfn to, Mfn _) -> memory(to.value(), machine.frame(to));
                        case Store.XenSlots(Mfn mfn, boolean _) ->
                                memory(mfn.value(), machine.frame(mfn));
                    };
            if (wrong != null) {
                return wrong;
            }
        }
        for (Flush flush : outcome.flushes()) {
            if (flush instanceof Flush.Reuse(Mfn first, int order)) {
                Difference wrong = memory(machine, first.value(), 1L << order);
                if (wrong != null) {
                    return wrong;
                }
            }
        }
        return null;
    }

    private @Nullable Difference memory(Machine machine, long first, long count) {
        for (long mfn = first; mfn < first + count; mfn++) {
            Difference wrong = memory(mfn, machine.frame(new Mfn(mfn)));
            if (wrong != null) {
                return wrong;
            }
        }
        return null;
    }

    /// All words of a frame; nothing is said of those of a free frame.
    private @Nullable Difference memory(long mfn, Frame frame) {
        if (frame.free()) {
            return null;
        }
        long from = mfn * FRAME_BYTES;
        long to = from + FRAME_BYTES;
        long at = MemorySegment.mismatch(mirrored, from, to, memory, from, to);
        if (at < 0) {
            return null;
        }
        int slot = (int) at / Long.BYTES;
        return diff.word(mfn, slot, mirror.word(mfn, slot));
    }

    // Everything.

    /// Compares everything but what is handed to calls.
    @Nullable Difference everything(Machine machine) {
        for (int mfn = 0; mfn < counts.length; mfn++) {
            Frame frame = machine.frames().get(mfn);
            Difference wrong = diff.frame(mfn, frame);
            wrong = wrong == null ? diff.contents(mfn, frame) : wrong;
            if (wrong != null) {
                return wrong;
            }
        }
        Difference stored = memory(machine, 0, counts.length);
        if (stored != null) {
            return stored;
        }
        for (int i = 0; i < ids.length; i++) {
            Domain domain = machine.domains().get(domids[i]).getOrNull();
            Difference wrong = diff.domain(ids[i], domain);
            wrong = wrong == null ? diff.domainTables(ids[i], domain) : wrong;
            wrong = wrong == null && domain != null ? diff.domainSetup(ids[i], domain) : wrong;
            if (wrong != null) {
                return wrong;
            }
        }
        return diff.totals(machine);
    }
}
