// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.Scene.D1;
import static org.provisor.spec.example.WritablePageTableExamples.window;
import static org.provisor.spec.example.WritablePageTableExamples.write;

import io.vavr.collection.Vector;
import io.vavr.control.Option;

import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.VmAssistType;
import org.provisor.spec.mm.WritablePageTables.GuestWrite;
import org.provisor.spec.x86.Pte;

/// Examples of what a write to a level 1 table that is mapped read-only does to an entry. The guest
/// d1 sees its level 1 table 0x10 at the address 0x1000: the entry of slot 2 at 0x1010, and so on.
final class WritableEntryExamples {

    private WritableEntryExamples() {}

    static Vector<Example> all() {
        return unfit().appendAll(done()).appendAll(compared());
    }

    private static Vector<Example> unfit() {
        Scene second = Trees.rooted().mmuUpdate(D1, 0x10, 2, Scene.readOnly(0x10));
        Scene crossing =
                second.domain(
                        second.machine()
                                .domain(Trees.ONE)
                                .withAssists(VmAssistType.WRITABLE_PAGETABLES.bit()));
        GuestWrite across =
                new GuestWrite(
                        new GuestAddress(0x2000), new GuestAddress(0x1ffc), 8, 0, Option.none());
        return Vector.of(
                write(
                                "mm.ptwr.table/a",
                                "a write of two entries at once is not done",
                                window(),
                                0x1010,
                                16,
                                0)
                        .answers("page fault at va 1010"),
                write(
                                "mm.ptwr.table/b",
                                "a write that starts in the page before is not done",
                                crossing,
                                D1,
                                across)
                        .answers("page fault at va 2000"),
                write(
                                "mm.ptwr.table/c",
                                "a write across two entries is not done",
                                window(),
                                0x1014,
                                8,
                                0)
                        .answers("page fault at va 1014"),
                write(
                                "mm.ptwr.table/d",
                                "a write of an entry that cannot be held is not done",
                                window(),
                                0x1010,
                                8,
                                Scene.readOnly(0x30).bits())
                        .answers("page fault at va 1010"));
    }

    private static Vector<Example> done() {
        return Vector.of(
                write(
                                "mm.ptwr.table/e",
                                "a write changes an entry as an update would",
                                window(),
                                0x1000,
                                8,
                                Scene.readOnly(0x15).bits())
                        .answers("goes on")
                        .changes(
                                "mfn 10[0]: mfn 14 rw+124 -> mfn 15 ro+124",
                                "mfn 14 refs: 2 -> 1",
                                "mfn 14 type: writable x1 valid -> writable x0 valid",
                                "mfn 14 stale: false -> true",
                                "mfn 15 refs: 1 -> 2"),
                write(
                                "mm.ptwr.table/e",
                                "a write of one byte leaves the rest of the entry",
                                window(),
                                0x1000,
                                1,
                                0)
                        .answers("goes on")
                        .changes(
                                "mfn 10[0]: mfn 14 rw+124 -> not present 14100",
                                "mfn 14 refs: 2 -> 1",
                                "mfn 14 type: writable x1 valid -> writable x0 valid",
                                "mfn 14 stale: false -> true"),
                write(
                                "mm.ptwr.table/e",
                                "a write of the upper half switches off execution",
                                window(),
                                0x1004,
                                4,
                                0x8000_0000L)
                        .answers("goes on")
                        .changes(
                                "mfn 10[0]: mfn 14 rw+124 -> mfn 14 rw+8000000000000124",
                                "mfn 14 stale: false -> true"));
    }

    private static Example compare(
            String row, String title, long address, Pte expected, Pte value) {
        GuestAddress at = new GuestAddress(address);
        return write(
                row,
                title,
                window(),
                D1,
                new GuestWrite(at, at, 8, value.bits(), Option.some(expected.bits())));
    }

    private static Vector<Example> compared() {
        return Vector.of(
                compare(
                                "mm.ptwr.table/e",
                                "a compare-and-exchange that finds what it expects is done",
                                0x1010,
                                Pte.EMPTY,
                                Scene.readOnly(0x15))
                        .answers("goes on")
                        .changes("mfn 10[2]: - -> mfn 15 ro+124", "mfn 15 refs: 1 -> 2"),
                compare(
                                "mm.ptwr.exchange/c",
                                "a compare-and-exchange finds the flags that Xen has added",
                                0x1000,
                                Scene.writable(0x14),
                                Scene.writable(0x15))
                        .answers("found 14127"),
                compare(
                                "mm.ptwr.exchange/c",
                                "a compare-and-exchange is compared before its new entry is looked"
                                        + " at",
                                0x1010,
                                Scene.readOnly(0x14),
                                Scene.readOnly(0x30))
                        .answers("found 0"),
                compare(
                                "mm.ptwr.table/d",
                                "a compare-and-exchange to an entry that cannot be held is not"
                                        + " done",
                                0x1010,
                                Pte.EMPTY,
                                Scene.readOnly(0x30))
                        .answers("page fault at va 1010"),
                compare(
                                "mm.ptwr.exchange/c",
                                "a compare-and-exchange across two entries compares what is there",
                                0x1004,
                                Pte.EMPTY,
                                Pte.EMPTY)
                        .answers("found 1012500000000"),
                compare(
                                "mm.emulated-read/a",
                                "a compare-and-exchange into a page that is not there reads first",
                                0x1ffc,
                                Pte.EMPTY,
                                Pte.EMPTY)
                        .answers("page fault of a read at va 2000"),
                acrossDevice(),
                compared16());
    }

    private static Example acrossDevice() {
        GuestAddress across = new GuestAddress(0x1ffc);
        return write(
                        "mm.ptwr.exchange/b",
                        "a compare-and-exchange that reaches into a device is not specified",
                        WritablePageTableExamples.controlWindow(),
                        Scene.D0,
                        new GuestWrite(across, across, 8, 0, Option.some(0L)))
                .answers("not specified: reads of devices");
    }

    private static Example compared16() {
        GuestAddress at = new GuestAddress(0x1010);
        return write(
                        "mm.ptwr.exchange/b",
                        "a compare-and-exchange of two entries at once is not specified",
                        window(),
                        D1,
                        new GuestWrite(at, at, 16, 0, Option.some(0L)))
                .answers("not specified: exchanges of 16 bytes");
    }
}
