// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.harness;

import org.provisor.impl.memory.FrameAllocator;
import org.provisor.impl.mm.Domain;
import org.provisor.impl.mm.FrameTable;
import org.provisor.impl.mm.Host;
import org.provisor.impl.mm.Vcpu;
import org.provisor.impl.tlb.FlushClock;
import org.provisor.impl.tlb.TlbFlusher;

import java.lang.reflect.Field;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// Changes the implementation behind its back, as an error in it would.
final class Tampering {

    private final ImplBoot boot;

    Tampering(ImplRun run) {
        boot = run.boot();
    }

    Host host() {
        return boot.host;
    }

    Domain domain(int index) {
        return boot.domains[index];
    }

    Vcpu vcpu(int domain, int number) {
        return boot.domains[domain].vcpu(number);
    }

    ImplMemory calls(int domain) {
        return boot.memories[domain];
    }

    // Frames.

    void flipCount(long mfn, long bits) {
        long[] counts = array(host().frames(), "counts");
        counts[(int) mfn] ^= bits;
    }

    void addCount(long mfn, long more) {
        long[] counts = array(host().frames(), "counts");
        counts[(int) mfn] += more;
    }

    void flipType(long mfn, long bits) {
        long[] types = array(host().frames(), "types");
        types[(int) mfn] ^= bits;
    }

    void setOwner(long mfn, int owner) {
        char[] owners = array(host().frames(), "owners");
        owners[(int) mfn] = (char) owner;
    }

    void addProgress(long mfn, int more) {
        int[] progress = array(host().frames(), "progress");
        progress[(int) mfn] += more;
    }

    void addLinear(long mfn, int more) {
        int[] linear = array(host().frames(), "linear");
        linear[(int) mfn] += more;
    }

    void flipWord(long mfn, int slot, long bits) {
        long at = (mfn << 12) + slot * 8L;
        host().memory().setWord(at, host().memory().word(at) ^ bits);
    }

    static long type(int number) {
        return (long) number << FrameTable.TYPE_SHIFT;
    }

    // Domains and virtual CPUs.

    void set(Domain domain, String field, Object value) {
        put(Domain.class, domain, field, value);
    }

    void set(Vcpu vcpu, String field, Object value) {
        put(Vcpu.class, vcpu, field, value);
    }

    void setFrame(Vcpu vcpu, String field, int index, long mfn) {
        long[] frames = value(Vcpu.class, vcpu, field);
        frames[index] = mfn;
    }

    void setTarget(int domain, int target) {
        domain(domain).setTarget(target);
    }

    /// The machine knows nothing of a domain any more.
    void forget(int domain) {
        AtomicReferenceArray<?> domains = value(Host.class, host(), "domains");
        domains.set(domain(domain).id(), null);
    }

    // The machine.

    /// The allocator takes a frame for one that was never used.
    void markAsNew(long mfn) {
        byte[] used = value(FrameAllocator.class, host().allocator(), "used");
        used[(int) mfn] = 0;
    }

    /// From here on nothing is flushed, and nobody notices.
    void stopFlushing() {
        TlbFlusher none =
                new TlbFlusher() {
                    @Override
                    public void flush(long processors) {}

                    @Override
                    public void flushPage(long processors, long linear) {}

                    @Override
                    public void flushCaches(long processors) {}
                };
        put(FlushClock.class, host().clock(), "flusher", none);
    }

    @SuppressWarnings("TypeParameterUnusedInFormals")
    private static <T> T array(FrameTable frames, String name) {
        return value(FrameTable.class, frames, name);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T> T value(Class<?> of, Object object, String name) {
        try {
            return (T) field(of, name).get(object);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("no such field", e);
        }
    }

    private static void put(Class<?> of, Object object, String name, Object value) {
        try {
            field(of, name).set(object, value);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("no such field", e);
        }
    }

    private static Field field(Class<?> of, String name) throws ReflectiveOperationException {
        Field field = of.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }
}
