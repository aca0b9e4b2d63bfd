// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.paging;

import io.vavr.control.Option;

import org.jspecify.annotations.Nullable;
import org.provisor.impl.cpu.CpuFault;
import org.provisor.impl.cpu.CpuState;
import org.provisor.impl.memory.MachineMemory;
import org.provisor.impl.paging.DirectMemory;
import org.provisor.impl.paging.PageWalker;
import org.provisor.impl.tlb.TlbSet;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.x86.Access;
import org.provisor.spec.x86.Access.Kind;
import org.provisor.spec.x86.LinearAddress;
import org.provisor.spec.x86.PageWalk;
import org.provisor.spec.x86.Walked;

import java.util.SplittableRandom;
import java.util.function.LongFunction;

/// Random tables, accesses through them, and changes followed by a flush; each access must do what
/// the specification's walk of the tables says: value, fault, error code, address, the bits set in
/// entries, the memory written.
///
/// Between a change of a table and a flush of everything, only the address is used whose page was
/// flushed.
public final class Walks implements LongFunction<@Nullable String> {

    private static final int FRAMES = 64;
    private static final int TABLES = 12;
    private static final int ROOTS = 3;
    private static final int PHYSICAL_BITS = 40;
    private static final int STEPS = 200;
    private static final int[] SLOTS = {0, 1, 2, 3, 255, 256, 511};
    private static final int FETCHED = 15;
    private static final int GENERAL_PROTECTION = 13;
    private static final int PAGE_FAULT = 14;

    private static final long FRAME_MASK = 0x000F_FFFF_FFFF_F000L;

    private final long[] words = new long[FRAMES * 512];
    private final CpuState state = new CpuState();
    private final TlbSet tlbs = new TlbSet(2);

    private SplittableRandom random = new SplittableRandom(0);

    /// What a part of an access, within a page, comes to.
    ///
    /// @param vector of the exception, or -1
    private record Part(long physical, int vector, long error, long address) {}

    /// Plays what chance makes of a seed.
    ///
    /// @return what differs, or nothing
    @Override
    public @Nullable String apply(final long seed) {
        random = new SplittableRandom(seed);
        try (MachineMemory memory = MachineMemory.ofFrames(FRAMES)) {
            final PageWalker walker = new PageWalker(memory, PHYSICAL_BITS);
            final DirectMemory direct = new DirectMemory(state, memory, tlbs.of(1), walker);
            tlbs.flush(-1L);
            fill(memory);
            for (int step = 0; step < STEPS; step++) {
                final String wrong = step(memory, direct);
                if (wrong != null) {
                    return "seed 0x%x, step %d: %s".formatted(seed, step, wrong);
                }
            }
            return reads(walker);
        }
    }

    /// All pages of 4 KiB: four reads each.
    private static @Nullable String reads(final PageWalker walker) {
        return walker.reads() <= 4 * walker.walks() ? null : "more than 4 reads a walk";
    }

    private void fill(final MachineMemory memory) {
        for (int at = 0; at < words.length; at++) {
            words[at] = at >= TABLES * 512 ? random.nextLong() : 0;
        }
        for (int table = 0; table < TABLES; table++) {
            for (final int slot : SLOTS) {
                words[table * 512 + slot] = entry();
            }
        }
        for (int at = 0; at < words.length; at++) {
            memory.setWord((long) at << 3, words[at]);
        }
    }

    private long entry() {
        final int kind = random.nextInt(40);
        long entry = (long) random.nextInt(kind < 34 ? TABLES : FRAMES + 4) << 12;
        if (kind == 38) {
            entry |= 1L << random.nextInt(36, 52);
        }
        entry |= chance(94) ? 1 : 0;
        entry |= chance(90) ? 2 : 0;
        entry |= chance(92) ? 4 : 0;
        entry |= chance(5) ? 1L << 63 : 0;
        entry |= chance(8) ? 1 << 7 : 0;
        entry |= chance(50) ? 1 << 5 : 0;
        entry |= chance(30) ? 1 << 6 : 0;
        if ((entry & 1 << 7) != 0 && chance(80)) {
            entry &= ~(FRAME_MASK & 0x3FFF_E000L);
        }
        return entry;
    }

    private boolean chance(final int percent) {
        return random.nextInt(100) < percent;
    }

    private @Nullable String step(final MachineMemory memory, final DirectMemory direct) {
        if (chance(25)) {
            return change(memory, direct);
        }
        state.setPrivilege(chance(80) ? 3 : 0);
        if (chance(40)) {
            last = address();
            direct.setRoot(random.nextInt(ROOTS));
        }
        final String wrong = access(memory, direct, last);
        tlbs.flush(written ? 2 : 0);
        return wrong;
    }

    /// The address used last.
    private long last;

    /// Whether the last access has written to a table.
    private boolean written;

    /// An entry becomes another. The translation of an address to which it leads is flushed, or all
    /// are; a flush on another processor does nothing.
    private @Nullable String change(final MachineMemory memory, final DirectMemory direct) {
        final int table = random.nextInt(TABLES);
        final int slot = SLOTS[random.nextInt(SLOTS.length)];
        final long address = chance(50) ? last : address();
        direct.setRoot(random.nextInt(ROOTS));
        final boolean large = large(direct.root(), address);
        String wrong = access(memory, direct, address);
        if (wrong != null) {
            return wrong;
        }
        final int at = chance(50) ? table * 512 + slot : onPath(direct.root(), address);
        words[at] = entry();
        memory.setWord((long) at << 3, words[at]);
        if (chance(60)) {
            final int offset = chance(20) ? 0 : random.nextInt(4096 - FETCHED);
            final long near = (address & -4096L) | offset;
            tlbs.flushPage(2, large ? address ^ 0x1000 : address);
            state.setPrivilege(chance(80) ? 3 : 0);
            wrong = access(memory, direct, near);
        }
        tlbs.flush(2);
        return wrong;
    }

    private boolean large(final long root, final long address) {
        return walk(root, address, new Access(Kind.READ, false)) instanceof Walked.Mapped mapped
                && mapped.level() > 1;
    }

    /// Some entry that the walk of an address uses.
    private int onPath(final long root, final long address) {
        long table = root;
        final int wanted = random.nextInt(4);
        for (int level = 4; ; level--) {
            final int slot = new LinearAddress(address).slot(level);
            final long entry = words[(int) table * 512 + slot];
            final long next = (entry & FRAME_MASK) >>> 12;
            if (level == 4 - wanted || next >= TABLES) {
                return (int) table * 512 + slot;
            }
            table = next;
        }
    }

    private long address() {
        if (chance(2)) {
            return random.nextLong();
        }
        long address = chance(20) ? 4095 - random.nextInt(FETCHED) : random.nextInt(4096);
        for (int level = 1; level <= 4; level++) {
            final int slot = SLOTS[random.nextInt(chance(70) ? 3 : SLOTS.length)];
            address |= (long) slot << (3 + 9 * level);
        }
        return address << 16 >> 16;
    }

    private @Nullable String access(
            final MachineMemory memory, final DirectMemory direct, final long address) {
        written = false;
        final int bytes = 1 << random.nextInt(4);
        final String what;
        try {
            what =
                    switch (random.nextInt(4)) {
                        case 0 -> load(direct, address, bytes);
                        case 1 -> store(direct, address, bytes);
                        case 2 -> exchange(direct, address, bytes);
                        default -> fetch(direct, address);
                    };
        } catch (final CpuFault e) {
            return "vector %d, error 0x%x, at 0x%x, where none is to be, at 0x%x"
                    .formatted(e.vector(), e.errorCode(), e.address(), address);
        }
        return what != null ? what + ", at 0x%x".formatted(address) : same(memory);
    }

    private @Nullable String load(final DirectMemory direct, final long address, final int bytes) {
        final boolean write = chance(20);
        final Part[] parts = parts(direct, address, bytes, write ? Kind.WRITE : Kind.READ);
        long value = 0;
        try {
            value = write ? direct.loadForWrite(address, bytes) : direct.load(address, bytes);
        } catch (final CpuFault e) {
            return fault(parts, e);
        }
        final String wrong = noFault(parts);
        return wrong != null || value == expected(parts, bytes) ? wrong : "another value";
    }

    private @Nullable String store(final DirectMemory direct, final long address, final int bytes) {
        final Part[] parts = parts(direct, address, bytes, Kind.WRITE);
        final long value = random.nextLong();
        try {
            direct.store(address, bytes, value);
        } catch (final CpuFault e) {
            return fault(parts, e);
        }
        write(parts, bytes, value);
        return noFault(parts);
    }

    private @Nullable String exchange(
            final DirectMemory direct, final long address, final int bytes) {
        final Part[] parts = parts(direct, address, bytes, Kind.WRITE);
        final boolean faults = noFault(parts) != null;
        final long there = faults ? 0 : expected(parts, bytes);
        final boolean right = chance(50);
        final long value = random.nextLong() & mask(bytes);
        final boolean done;
        try {
            done = direct.compareAndStore(address, bytes, right ? there : there ^ 1, value);
        } catch (final CpuFault e) {
            return fault(parts, e);
        }
        if (right && !faults) {
            write(parts, bytes, value);
        }
        return faults ? noFault(parts) : done == right ? null : "exchanged: " + done;
    }

    private @Nullable String fetch(final DirectMemory direct, final long address) {
        final Part[] parts = parts(direct, address, FETCHED, Kind.FETCH);
        final byte[] into = new byte[FETCHED];
        final int count = direct.fetch(address, into);
        int right = 0;
        while (right < FETCHED && parts[right].vector < 0) {
            right++;
        }
        if (count != right) {
            return "fetched %d bytes, not %d".formatted(count, right);
        }
        for (int i = 0; i < count; i++) {
            if (into[i] != (byte) byteAt(parts[i].physical)) {
                return "another byte was fetched";
            }
        }
        return count == FETCHED ? null : fault(parts, direct.fetchFault(address + count));
    }

    private static long mask(final int bytes) {
        return -1L >>> (64 - 8 * bytes);
    }

    /// What the specification says of each byte, in the order in which they are looked at. What it
    /// says is set in entries, is set.
    private Part[] parts(
            final DirectMemory direct, final long address, final int bytes, final Kind kind) {
        final Access access = new Access(kind, state.privilege() == 3);
        final Part[] parts = new Part[bytes];
        boolean faulted = false;
        for (int i = 0; i < bytes; i++) {
            final long at = address + i;
            if (i > 0 && (at & 0xFFF) != 0) {
                final Part before = parts[i - 1];
                parts[i] =
                        new Part(before.physical + 1, before.vector, before.error, before.address);
            } else if (faulted) {
                parts[i] = parts[i - 1];
            } else {
                parts[i] = part(direct.root(), at, access);
                faulted = parts[i].vector >= 0;
            }
        }
        return parts;
    }

    private Part part(final long root, final long address, final Access access) {
        final Walked walked = walk(root, address, access);
        return switch (walked) {
            case Walked.Mapped mapped -> {
                for (final Walked.Mark mark : mapped.marks()) {
                    words[(int) mark.table().value() * 512 + mark.slot()] |= mark.bits();
                }
                yield new Part(mapped.physical(), -1, 0, 0);
            }
            case Walked.Fault fault -> new Part(0, PAGE_FAULT, fault.errorCode(), address);
            case Walked.NotCanonical _ -> new Part(0, GENERAL_PROTECTION, 0, 0);
            case Walked.Unknown _ -> throw new IllegalStateException();
        };
    }

    private Walked walk(final long root, final long address, final Access access) {
        return PageWalk.walk(
                (table, slot) -> Option.some(word(table.value(), slot)),
                new Mfn(root),
                new LinearAddress(address),
                access,
                PHYSICAL_BITS);
    }

    private long word(final long table, final int slot) {
        return table < FRAMES ? words[(int) table * 512 + slot] : -1L;
    }

    private static @Nullable Part faulting(final Part[] parts) {
        for (final Part part : parts) {
            if (part.vector >= 0) {
                return part;
            }
        }
        return null;
    }

    private static @Nullable String noFault(final Part[] parts) {
        final Part part = faulting(parts);
        return part == null
                ? null
                : "no fault, where vector %d, error 0x%x is to be"
                        .formatted(part.vector, part.error);
    }

    private static @Nullable String fault(final Part[] parts, final CpuFault fault) {
        final Part part = faulting(parts);
        final boolean right =
                part != null
                        && part.vector == fault.vector()
                        && part.error == fault.errorCode()
                        && fault.hasErrorCode()
                        && (part.vector != PAGE_FAULT || part.address == fault.address());
        return right
                ? null
                : "vector %d, error 0x%x, at 0x%x, where %s is to be"
                        .formatted(fault.vector(), fault.errorCode(), fault.address(), part);
    }

    private long byteAt(final long physical) {
        return physical >= FRAMES << 12
                ? 0xFF
                : words[(int) (physical >>> 3)] >>> ((physical & 7) * 8) & 0xFF;
    }

    private long expected(final Part[] parts, final int bytes) {
        long value = 0;
        for (int i = bytes - 1; i >= 0; i--) {
            value = value << 8 | byteAt(parts[i].physical);
        }
        return value;
    }

    private void write(final Part[] parts, final int bytes, final long value) {
        if (noFault(parts) != null) {
            return;
        }
        for (int i = 0; i < bytes; i++) {
            final long physical = parts[i].physical;
            if (physical < FRAMES << 12) {
                final int shift = (int) (physical & 7) * 8;
                final int at = (int) (physical >>> 3);
                words[at] = (words[at] & ~(0xFFL << shift)) | (value >>> (i * 8) & 0xFF) << shift;
                written |= at < TABLES * 512;
            }
        }
    }

    private @Nullable String same(final MachineMemory memory) {
        for (int at = 0; at < words.length; at++) {
            if (memory.word((long) at << 3) != words[at]) {
                return "frame %d, slot %d: 0x%x, not 0x%x"
                        .formatted(at >>> 9, at & 511, memory.word((long) at << 3), words[at]);
            }
        }
        return null;
    }
}
