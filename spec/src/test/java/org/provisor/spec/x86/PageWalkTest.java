// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.x86;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.vavr.control.Option;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.statistics.Statistics;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.x86.Access.Kind;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/// The walk against the manual: cases worked out by hand, and random tables against a second
/// derivation that goes by byte addresses and by the figures of the entry formats.
class PageWalkTest {

    private static final int WIDTH = 40;

    /// The rows that random tables lead to; all but the address that is not canonical.
    private static final List<String> ROWS =
            List.of(
                    "x86.walk/b",
                    "x86.walk/c",
                    "x86.walk/d",
                    "x86.walk/e",
                    "x86.walk/f",
                    "x86.walk/g",
                    "x86.walk/h");

    /// One linear address; its slots are 1, 2, 3 and 4, its offset is 0x567.
    private static final LinearAddress ADDRESS = LinearAddress.of(1, 2, 3, 4, 0x567);

    /// Tables at frames 1 to 4, each entry leading to the next frame, the last one to frame 5.
    /// Flags by level, in hexadecimal: P 1, RW 2, US 4, A 20, D 40, PS 80, NX 8000000000000000.
    @ParameterizedTest
    @CsvSource({
        // level 4, 3, 2, 1; access; what comes of it
        "7, 7, 7, 7, WRITE, true, 5567 rwx user",
        "7, 7, 7, 3, READ, false, 5567 rwx kernel",
        "7, 7, 5, 7, READ, true, 5567 r-x user",
        "7, 8000000000000007, 7, 7, READ, true, 5567 rw- user",
        "7, 7, 83, 7, READ, false, fault 9",
        "6, 7, 7, 7, READ, false, fault 0",
        "7, 7, 7, 6, WRITE, true, fault 6",
        "7, 7, 7, 0, FETCH, true, fault 14",
        "7, 7, 6, 7, FETCH, false, fault 10",
        "3, 7, 7, 7, READ, true, fault 5",
        "7, 7, 7, 5, WRITE, true, fault 7",
        "5, 7, 7, 7, WRITE, false, fault 3",
        "7, 7, 7, 8000000000000007, FETCH, true, fault 15",
        "8000000000000007, 7, 7, 7, FETCH, false, fault 11",
        "87, 7, 7, 7, READ, true, fault d",
        "5, 7, 7, 10000000007, WRITE, false, fault b",
        "1, 7, 7, 6, WRITE, true, fault 6",
        "7, 7, 7, 7ff0000000000f87, WRITE, true, 5567 rwx user"
    })
    void casesOfTheManual(
            String l4, String l3, String l2, String l1, Kind kind, boolean user, String outcome) {
        Map<Long, Long> memory = new HashMap<>();
        String[] flags = {l4, l3, l2, l1};
        for (int i = 0; i < 4; i++) {
            long entry = Long.parseUnsignedLong(flags[i], 16) | (i + 2L) << 12;
            memory.put((i + 1L) * 4096 + (i + 1L) * 8, entry);
        }
        assertEquals(outcome, said(walk(memory, ADDRESS, new Access(kind, user))));
    }

    @ParameterizedTest
    @CsvSource({
        // The entry of level 3 or 2, and where the address comes out.
        "3, 00000040C0000087, 40C0000000",
        "3, 00000040C0001087, 40C0000000",
        "3, 00000040C0002087, fault d",
        "3, 00000040E0000087, fault d",
        "2, 00000040C0200087, 40C0200000",
        "2, 00000040C0201087, 40C0200000",
        "2, 00000040C0202087, fault d",
        "2, 00000040C0300087, fault d"
    })
    void largePages(int level, String entry, String outcome) {
        Map<Long, Long> memory = new HashMap<>();
        memory.put(4096 + 8L, 0x2007L);
        memory.put(2 * 4096 + 2 * 8L, level == 3 ? Long.parseLong(entry, 16) : 0x3007L);
        memory.put(3 * 4096 + 3 * 8L, Long.parseLong(entry, 16));
        long inPage = level == 3 ? 0x604567L : 0x4567L;
        String wanted =
                outcome.startsWith("fault")
                        ? outcome
                        : Long.toHexString(Long.parseLong(outcome, 16) | inPage) + " rwx user";
        assertEquals(wanted, said(walk(memory, ADDRESS, new Access(Kind.READ, true))));
    }

    @ParameterizedTest
    @CsvSource({
        "0, true",
        "7FFFFFFFFFFF, true",
        "800000000000, false",
        "FFFF7FFFFFFFFFFF, false",
        "FFFF800000000000, true",
        "FFFFFFFFFFFFFFFF, true",
        "0001000000000000, false",
        "8000000000000000, false"
    })
    void canonicalAddresses(String address, boolean canonical) {
        LinearAddress linear = new LinearAddress(Long.parseUnsignedLong(address, 16));
        assertEquals(canonical, linear.canonical());
        if (!canonical) {
            Access access = new Access(Kind.READ, false);
            assertInstanceOf(Walked.NotCanonical.class, walk(Map.of(), linear, access));
        }
    }

    @Property(tries = 20_000)
    void agreesWithASecondDerivation(@ForAll long seed, @ForAll Kind kind, @ForAll boolean user) {
        Random random = new Random(seed);
        LinearAddress address = randomAddress(random);
        Map<Long, Long> memory = new HashMap<>();
        for (int level = 1; level <= 4; level++) {
            for (long table = 1; table <= 5; table++) {
                memory.put(table * 4096 + address.slot(level) * 8L, randomEntry(random));
            }
        }
        Walked walked = walk(memory, address, new Access(kind, user));
        Oracle oracle = new Oracle(memory, address.value(), kind, user);
        assertEquals(oracle.outcome, said(walked));
        assertEquals(oracle.marks, marks(walked));
        Statistics.label("outcome").collect(walked.row());
        Statistics.label("outcome")
                .coverage(all -> ROWS.forEach(row -> all.check(row).count(n -> n > 100)));
    }

    private static LinearAddress randomAddress(Random random) {
        int[] slots = random.ints(4, 0, 512).toArray();
        return LinearAddress.of(slots[0], slots[1], slots[2], slots[3], random.nextInt(4096));
    }

    /// Mostly good entries, each with a chance of anything wrong.
    private static long randomEntry(Random random) {
        long entry = (1L + random.nextInt(5)) << 12 | 7;
        entry ^= random.nextInt(6) == 0 ? 1L << random.nextInt(3) : 0;
        entry ^= random.nextInt(6) == 0 ? 1L << 63 : 0;
        entry |= random.nextInt(3) == 0 ? random.nextInt(8) << 5 & 0xE0 : 0;
        entry |= random.nextInt(8) == 0 ? 1L << (13 + random.nextInt(39)) : 0;
        entry |= random.nextInt(4) == 0 ? 1L << (52 + random.nextInt(11)) : 0;
        return entry;
    }

    private static Walked walk(Map<Long, Long> memory, LinearAddress address, Access access) {
        Tables tables =
                (mfn, slot) ->
                        mfn.value() > 5
                                ? Option.none()
                                : Option.some(
                                        memory.getOrDefault(mfn.value() * 4096 + slot * 8L, 0L));
        return PageWalk.walk(tables, new Mfn(1), address, access, WIDTH);
    }

    private static String said(Walked walked) {
        return switch (walked) {
            case Walked.Mapped m ->
                    Long.toHexString(m.physical())
                            + (m.writable() ? " rw" : " r-")
                            + (m.executable() ? "x" : "-")
                            + (m.user() ? " user" : " kernel");
            case Walked.Fault f -> "fault " + Integer.toHexString(f.errorCode());
            case Walked.NotCanonical _ -> "not canonical";
            case Walked.Unknown _ -> "unknown";
        };
    }

    /// What the marks add to the words: an entry used at two levels is marked for both.
    private static Map<Long, Long> marks(Walked walked) {
        io.vavr.collection.List<Walked.Mark> made =
                switch (walked) {
                    case Walked.Mapped m -> m.marks();
                    case Walked.Fault f -> f.marks();
                    case Walked.NotCanonical _, Walked.Unknown _ -> io.vavr.collection.List.empty();
                };
        Map<Long, Long> added = new TreeMap<>();
        for (Walked.Mark mark : made) {
            added.merge(
                    mark.table().value() * 4096 + mark.slot() * 8L, mark.bits(), (x, y) -> x | y);
        }
        return added;
    }

    /// The walk once more, over byte addresses: `CR3` and bits 47 to 39 give the place of the first
    /// entry, that entry and bits 38 to 30 the second, and so on.
    private static final class Oracle {
        private static final long[] MUST_BE_ZERO = {0, 0, 0, 0, 0x80};
        private static final long[] MUST_BE_ZERO_LARGE = {0, 0, 0x1F_E000, 0x3FFF_E000, 0x80};
        private static final long BEYOND_40_BITS = 0x000F_FF00_0000_0000L;

        private final Map<Long, Long> marks = new TreeMap<>();
        private final String outcome;

        Oracle(Map<Long, Long> memory, long linear, Kind kind, boolean user) {
            outcome = walked(memory, linear, kind, user);
        }

        private String walked(Map<Long, Long> memory, long linear, Kind kind, boolean user) {
            int tried =
                    (kind == Kind.WRITE ? 2 : 0) + (user ? 4 : 0) + (kind == Kind.FETCH ? 16 : 0);
            List<Long> entries = new ArrayList<>();
            long table = 4096;
            int shift = 48;
            boolean last = false;
            long place = 0;
            while (!last) {
                shift -= 9;
                if (table > 5 * 4096) {
                    marks.clear();
                    return "unknown";
                }
                place = table + ((linear >> shift & 0x1FF) << 3);
                long entry = memory.getOrDefault(place, 0L);
                int level = (shift - 12) / 9 + 1;
                boolean large = level > 1 && (entry & 0x80) != 0;
                long zero = (large ? MUST_BE_ZERO_LARGE : MUST_BE_ZERO)[level] | BEYOND_40_BITS;
                if ((entry & 1) == 0) {
                    return "fault " + Integer.toHexString(tried);
                }
                if ((entry & zero) != 0) {
                    return "fault " + Integer.toHexString(tried + 9);
                }
                entries.add(entry);
                mark(place, 0x20 & ~entry);
                last = large || shift == 12;
                table = entry & 0x000F_FFFF_FFFF_F000L;
            }
            boolean us = entries.stream().allMatch(e -> (e & 4) != 0);
            boolean rw = entries.stream().allMatch(e -> (e & 2) != 0);
            boolean nx = entries.stream().anyMatch(e -> e < 0);
            boolean forbidden =
                    (user && !us) || (kind == Kind.WRITE && !rw) || (kind == Kind.FETCH && nx);
            if (forbidden) {
                return "fault " + Integer.toHexString(tried + 1);
            }
            long leaf = entries.getLast();
            mark(place, kind == Kind.WRITE ? 0x40 & ~leaf : 0);
            long size = 1L << shift;
            long physical = table / size * size + Math.floorMod(linear, size);
            return Long.toHexString(physical)
                    + (rw ? " rw" : " r-")
                    + (nx ? "-" : "x")
                    + (us ? " user" : " kernel");
        }

        private void mark(long place, long bits) {
            if (bits != 0) {
                marks.merge(place, bits, (x, y) -> x | y);
            }
        }
    }
}
