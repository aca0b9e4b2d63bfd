// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.WritablePageTableExamples.window;
import static org.provisor.spec.example.WritablePageTableExamples.write;

import io.vavr.collection.Vector;
import io.vavr.control.Option;

import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.mm.WritablePageTables.GuestWrite;

/// Examples of writes to a level 1 table of other sizes, and at other places, than a whole entry.
final class SizedWriteExamples {

    private SizedWriteExamples() {}

    static Vector<Example> all() {
        GuestWrite within =
                new GuestWrite(
                        new GuestAddress(0x1800), new GuestAddress(0x1000), 8, 0, Option.none());
        GuestWrite beyond =
                new GuestWrite(new GuestAddress(0x1000), new GuestAddress(0), 8, 0, Option.none());
        return Vector.of(
                write(
                                "mm.ptwr.table/a",
                                "a write of three bytes is not done",
                                window(),
                                0x1002,
                                3,
                                0)
                        .answers("page fault at va 1002"),
                write(
                                "mm.ptwr.table/e",
                                "a write starts anywhere in the page in which it faulted",
                                window(),
                                Scene.D1,
                                within)
                        .answers("goes on")
                        .changes(
                                "mfn 10[0]: mfn 14 rw+124 -> -",
                                "mfn 14 refs: 2 -> 1",
                                "mfn 14 type: writable x1 valid -> writable x0 valid",
                                "mfn 14 stale: false -> true"),
                write(
                                "mm.ptwr.table/b",
                                "a write does not start in another page than it faulted",
                                window(),
                                Scene.D1,
                                beyond)
                        .answers("page fault at va 1000"),
                write(
                                "mm.ptwr.table/e",
                                "a write of the second byte changes no other",
                                window(),
                                0x1001,
                                1,
                                0x51)
                        .answers("goes on")
                        .changes(
                                "mfn 10[0]: mfn 14 rw+124 -> mfn 15 rw+124",
                                "mfn 14 refs: 2 -> 1",
                                "mfn 14 type: writable x1 valid -> writable x0 valid",
                                "mfn 14 stale: false -> true",
                                "mfn 15 refs: 1 -> 2",
                                "mfn 15 type: none x0 unchecked -> writable x1 valid")
                        .owes("flush TypeChange[owner=d1, mfn=mfn 15, wasTable=false]"),
                write(
                                "mm.ptwr.table/e",
                                "a write of two bytes leaves those before and after",
                                window(),
                                0x1006,
                                2,
                                0x8010)
                        .answers("goes on")
                        .changes(
                                "mfn 10[0]: mfn 14 rw+124 -> mfn 14 rw+8010000000000124",
                                "mfn 14 stale: false -> true"));
    }
}
