// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.paging;

import org.provisor.impl.bits.Addresses;
import org.provisor.impl.bits.Pte;
import org.provisor.impl.memory.MachineMemory;
import org.provisor.impl.mm.GuestMemory;
import org.provisor.impl.mm.Host;
import org.provisor.impl.mm.Vcpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A paravirtual guest's memory as the processor would find it through the guest's own tables, from
/// the root of its kernel. Supervisor rights: any present page can be read, and written where every
/// entry on the way allows it.
///
/// The walk leaves accessed and dirty bits alone.
///
/// @sdm 3A, "4-Level Paging and 5-Level Paging"
public final class GuestLinearMemory implements GuestMemory {

    private static final long FAULT = -1;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private final Vcpu vcpu;
    private final MachineMemory memory;
    private final MemorySegment segment;
    private final long end;

    /// The memory of a vCPU's kernel.
    public GuestLinearMemory(final Vcpu vcpu) {
        this.vcpu = vcpu;
        final Host host = vcpu.host();
        memory = host.memory();
        segment = memory.segment();
        end = memory.frames() << Addresses.PAGE_SHIFT;
    }

    @Override
    public boolean read(final long linear, final long[] to, final int bytes) {
        long page = FAULT;
        long at = linear;
        for (int done = 0; done < bytes; done += Long.BYTES, at += Long.BYTES) {
            final int wanted = Math.min(Long.BYTES, bytes - done);
            final long offset = at & Addresses.PAGE_OFFSET;
            if (page == FAULT || offset < Long.BYTES) {
                page = page(at, false);
                if (page == FAULT) {
                    return false;
                }
            }
            if (offset > Addresses.PAGE_SIZE - Long.BYTES) {
                if (!readBytes(at, to, done >>> 3, wanted)) {
                    return false;
                }
                page = FAULT;
            } else {
                to[done >>> 3] =
                        segment.get(LONG, page | offset) & -1L >>> (Long.SIZE - wanted * Byte.SIZE);
            }
        }
        return true;
    }

    private boolean readBytes(final long linear, final long[] to, final int word, final int bytes) {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            final long page = page(linear + i, false);
            if (page == FAULT) {
                return false;
            }
            final long at = page | ((linear + i) & Addresses.PAGE_OFFSET);
            value |= (segment.get(ValueLayout.JAVA_BYTE, at) & 0xFFL) << (i * Byte.SIZE);
        }
        to[word] = value;
        return true;
    }

    @Override
    public boolean writable(final long linear, final int bytes) {
        final long last = linear + bytes - 1;
        for (long at = linear; ; at = (at | Addresses.PAGE_OFFSET) + 1) {
            if (page(at, true) == FAULT) {
                return false;
            }
            if ((at ^ last) >>> Addresses.PAGE_SHIFT == 0) {
                return true;
            }
        }
    }

    @Override
    public boolean write(final long linear, final long value, final int bytes) {
        final long page = page(linear, true);
        if (page == FAULT) {
            return false;
        }
        final long offset = linear & Addresses.PAGE_OFFSET;
        if (offset <= Addresses.PAGE_SIZE - bytes) {
            memory.store(page | offset, bytes, value);
            return true;
        }
        final long second = page(linear + bytes - 1, true);
        if (second == FAULT) {
            return false;
        }
        for (int i = 0; i < bytes; i++) {
            final long at = (linear + i) & Addresses.PAGE_OFFSET;
            final long start = at >= offset ? page : second;
            memory.store(start | at, 1, value >>> (i * Byte.SIZE));
        }
        return true;
    }

    /// The machine address of the page of 4 KiB that holds a linear address, or [#FAULT].
    private long page(final long linear, final boolean write) {
        final long root = vcpu.root();
        if (!Addresses.canonical(linear) || root == Vcpu.NONE) {
            return FAULT;
        }
        final long needed = Pte.PRESENT | (write ? Pte.RW : 0);
        long at = root << Addresses.PAGE_SHIFT;
        for (int level = 4; level >= 1; level--) {
            final long entry = memory.word(at + ((long) Addresses.slot(linear, level) << 3));
            final long next = entry & Pte.ADDRESS;
            if ((entry & needed) != needed || next >= end) {
                return FAULT;
            }
            at = next;
        }
        return at;
    }
}
