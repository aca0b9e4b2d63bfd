// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.harness;

import io.vavr.collection.List;
import io.vavr.collection.Vector;

import org.jspecify.annotations.Nullable;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.state.Flush;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Frames;
import org.provisor.spec.state.PageType;
import org.provisor.spec.state.TypeUse;
import org.provisor.spec.state.VcpuId;

import java.util.Arrays;

/// Whether the flushes carried out are those owed.
///
/// What a guest asks for has to be done. A flush owed because a frame changes its type or its owner
/// may be left out where no processor can have an old translation of the frame. For that each frame
/// has the number of the attempt in which translations of it were last taken away, and each
/// processor that of its last flush of all translations. What happens in one attempt has no order
/// here: a flush then counts as made after everything else.
final class Flushing {

    private static final long NEVER = -1;

    private final BootNumbers numbers;
    private final int[] ids;
    private final int[][] processorOf;
    private final long[] ran;
    private final long all;

    /// By frame: when a mapping was last dropped that allowed its owner to write.
    private final long[] dropped;

    /// By frame: when it was last let go of as a table that had been checked.
    private final long[] demoted;

    /// By frame: when it was last freed.
    private final long[] freed;

    /// By processor.
    private final long[] flushed;

    private long now;

    /// The processor that the attempt is made on.
    private long here;

    Flushing(ImplBoot boot, int frames, int processors) {
        numbers = boot.numbers();
        ids = boot.ids();
        processorOf = boot.processors;
        ran = boot.ran;
        all = -1L >>> (Long.SIZE - processors);
        dropped = new long[frames];
        demoted = new long[frames];
        freed = new long[frames];
        flushed = new long[processors];
        Arrays.fill(dropped, NEVER);
        Arrays.fill(demoted, NEVER);
        Arrays.fill(freed, NEVER);
    }

    /// What is remembered at a moment.
    @SuppressWarnings("ArrayRecordComponent")
    record Memory(long[] dropped, long[] demoted, long[] freed, long[] flushed) {}

    Memory memory() {
        return new Memory(dropped.clone(), demoted.clone(), freed.clone(), flushed.clone());
    }

    /// Forgets what was learned since.
    void recall(Memory then) {
        System.arraycopy(then.dropped, 0, dropped, 0, dropped.length);
        System.arraycopy(then.demoted, 0, demoted, 0, demoted.length);
        System.arraycopy(then.freed, 0, freed, 0, freed.length);
        System.arraycopy(then.flushed, 0, flushed, 0, flushed.length);
    }

    /// An attempt begins, on a processor.
    void begin(int processor) {
        now++;
        here = 1L << processor;
    }

    /// A frame changed in this attempt.
    void changed(int mfn, Frame before, Frame after) {
        TypeUse old = before.use();
        TypeUse use = after.use();
        long writable = use.type() == PageType.WRITABLE ? use.count() : 0;
        if (old.type() == PageType.WRITABLE
                && writable < old.count()
                && (before.stale() || after.stale() || use.type() != PageType.WRITABLE)) {
            dropped[mfn] = now;
        }
        if (walked(old) && !(walked(use) && use.type() == old.type())) {
            demoted[mfn] = now;
        }
        if (after.free() && !before.free()) {
            freed[mfn] = now;
        }
    }

    private static boolean walked(TypeUse use) {
        return use.type().isPageTable() && use.validated() && use.count() > 0;
    }

    /// Compares, once all frames are known that changed.
    ///
    /// @param before the frames as they were before the attempt
    @Nullable Difference compare(FlushLog done, List<Flush> owed, Frames before) {
        if (done.count() == 0 && owed.isEmpty()) {
            return null;
        }
        for (int i = 0; i < done.count(); i++) {
            if (done.kind(i) == FlushLog.Kind.ALL) {
                long left = done.processors(i);
                while (left != 0) {
                    flushed[Long.numberOfTrailingZeros(left)] = now;
                    left &= left - 1;
                }
            }
        }
        for (Flush flush : owed) {
            Difference missing = missing(done, flush, before);
            if (missing != null) {
                return missing;
            }
        }
        return needless(done, owed);
    }

    private @Nullable Difference missing(FlushLog done, Flush owed, Frames before) {
        return switch (owed) {
            case Flush.Local(VcpuId vcpu) -> full(owed, processor(vcpu));
            case Flush.Domain(Domid domain) -> full(owed, ran(domain));
            case Flush.Vcpus(Domid domain, Vector<Integer> vcpus) ->
                    full(owed, processors(domain, vcpus));
            case Flush.PageLocal(VcpuId vcpu, long linear) ->
                    page(done, owed, processor(vcpu), linear);
            case Flush.PageDomain(Domid domain, long linear) ->
                    page(done, owed, ran(domain), linear);
            case Flush.PageVcpus(Domid domain, Vector<Integer> vcpus, long linear) ->
                    page(done, owed, processors(domain, vcpus), linear);
            case Flush.DataCaches(boolean everywhere) -> caches(done, everywhere);
            case Flush.TypeChange change -> typeChange(change);
            case Flush.Reuse reuse -> reuse(reuse, before);
        };
    }

    /// All translations of these processors, in this attempt.
    private @Nullable Difference full(Flush owed, long processors) {
        return stale(processors, now) == 0 ? null : left("flush: all translations", owed);
    }

    private @Nullable Difference page(FlushLog done, Flush owed, long processors, long linear) {
        long left = stale(processors, now);
        for (int i = 0; i < done.count() && left != 0; i++) {
            if (done.kind(i) == FlushLog.Kind.PAGE && done.linear(i) == linear) {
                left &= ~done.processors(i);
            }
        }
        return left == 0 ? null : left("flush: one translation", owed);
    }

    private @Nullable Difference caches(FlushLog done, boolean everywhere) {
        long wanted = everywhere ? all : here;
        for (int i = 0; i < done.count(); i++) {
            if (done.kind(i) == FlushLog.Kind.CACHES && (wanted & ~done.processors(i)) == 0) {
                return null;
            }
        }
        return left("flush: data caches", new Flush.DataCaches(everywhere));
    }

    private @Nullable Difference typeChange(Flush.TypeChange change) {
        int mfn = (int) change.mfn().value();
        long taken = Math.max(dropped[mfn], change.wasTable() ? demoted[mfn] : NEVER);
        return stale(ran(change.owner()), taken) == 0
                ? null
                : left("flush: change of type", change);
    }

    private @Nullable Difference reuse(Flush.Reuse reuse, Frames before) {
        long first = reuse.first().value();
        for (long mfn = first; mfn < first + (1L << reuse.order()); mfn++) {
            long taken = before.get((int) mfn).free() ? freed[(int) mfn] : now;
            if (stale(all, taken) != 0) {
                return left("flush: change of owner", reuse);
            }
        }
        return null;
    }

    /// Those of some processors that have not flushed all translations in this attempt or later.
    private long stale(long processors, long attempt) {
        long left = processors;
        long stale = 0;
        while (left != 0) {
            int processor = Long.numberOfTrailingZeros(left);
            left &= left - 1;
            if (flushed[processor] < attempt) {
                stale |= 1L << processor;
            }
        }
        return stale;
    }

    private @Nullable Difference needless(FlushLog done, List<Flush> owed) {
        for (int i = 0; i < done.count(); i++) {
            boolean allowed = false;
            for (Flush flush : owed) {
                allowed = allowed || allows(flush, done.kind(i), done.linear(i));
            }
            if (!allowed) {
                return new Difference(
                        "flush: needless",
                        "implementation flushed "
                                + switch (done.kind(i)) {
                                    case ALL -> "all translations";
                                    case PAGE ->
                                            "the translation of 0x"
                                                    + Long.toHexString(done.linear(i));
                                    case CACHES -> "data caches";
                                }
                                + " of processors 0b"
                                + Long.toBinaryString(done.processors(i))
                                + ", specification owes "
                                + owed);
            }
        }
        return null;
    }

    private static boolean allows(Flush owed, FlushLog.Kind kind, long linear) {
        return switch (owed) {
            case Flush.Local _, Flush.Domain _, Flush.Vcpus _, Flush.TypeChange _, Flush.Reuse _ ->
                    kind == FlushLog.Kind.ALL;
            case Flush.PageLocal page -> page(kind, linear, page.linear());
            case Flush.PageDomain page -> page(kind, linear, page.linear());
            case Flush.PageVcpus page -> page(kind, linear, page.linear());
            case Flush.DataCaches _ -> kind == FlushLog.Kind.CACHES;
        };
    }

    /// A guest that asks for one translation to be forgotten can as well lose all.
    private static boolean page(FlushLog.Kind kind, long linear, long asked) {
        return kind == FlushLog.Kind.ALL || (kind == FlushLog.Kind.PAGE && linear == asked);
    }

    private Difference left(String part, Flush owed) {
        String frame =
                switch (owed) {
                    case Flush.TypeChange change -> " " + numbers.text(change.mfn().value());
                    case Flush.Reuse reuse -> " " + numbers.text(reuse.first().value());
                    case Flush.Local _,
                            Flush.Domain _,
                            Flush.Vcpus _,
                            Flush.PageLocal _,
                            Flush.PageDomain _,
                            Flush.PageVcpus _,
                            Flush.DataCaches _ ->
                            "";
                };
        return new Difference(
                part, "specification owes " + owed + frame + ", implementation did not do it");
    }

    private int index(Domid domain) {
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] == domain.value()) {
                return i;
            }
        }
        return -1;
    }

    private long processor(VcpuId vcpu) {
        return 1L << processorOf[index(vcpu.domain())][vcpu.number()];
    }

    private long ran(Domid domain) {
        int index = index(domain);
        return index < 0 ? 0 : ran[index];
    }

    private long processors(Domid domain, Vector<Integer> vcpus) {
        long set = 0;
        for (int vcpu : vcpus) {
            set |= 1L << processorOf[index(domain)][vcpu];
        }
        return set;
    }
}
