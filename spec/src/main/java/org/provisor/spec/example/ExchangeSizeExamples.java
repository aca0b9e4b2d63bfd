// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.ExchangeCalls.asking;
import static org.provisor.spec.example.ExchangeCalls.counted;
import static org.provisor.spec.example.ExchangeCalls.wanted;
import static org.provisor.spec.example.MemoryCalls.extents;
import static org.provisor.spec.example.Scene.D0;
import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.MemoryReservation;
import org.provisor.spec.state.VcpuId;

/// Examples of which sizes an exchange may have.
final class ExchangeSizeExamples {

    private static final MemoryReservation IN = extents(1, 0);
    private static final MemoryReservation OUT = wanted(1, 0);

    private ExchangeSizeExamples() {}

    static Vector<Example> all() {
        String invalid = "-22 EINVAL";
        return Vector.of(
                refused(
                        D1,
                        "b",
                        "a guest gives no extent of order 10",
                        extents(1, 10),
                        OUT,
                        "-1 EPERM"),
                refused(
                        D1,
                        "b",
                        "a guest gets no extent of order 10",
                        IN,
                        wanted(1, 10),
                        "-1 EPERM"),
                refused(
                        D0,
                        "b",
                        "nobody gets an extent of order 19",
                        IN,
                        wanted(1, 19),
                        "-1 EPERM"),
                by(
                                D1,
                                "c",
                                "no more extents are done than there are",
                                asking(listing(), IN, OUT, 2))
                        .answers("returns -22 EINVAL")
                        .owes(counted(2)),
                refused(
                        D1,
                        "c",
                        "a domain is named in one way on both sides",
                        MemoryCalls.of(1, IN),
                        OUT,
                        invalid),
                refused(
                        D1,
                        "c",
                        "as many frames are given as are wanted",
                        extents(3, 0),
                        wanted(1, 1),
                        invalid),
                refused(
                        D1,
                        "c",
                        "how many frames are given fits 64 bits",
                        extents(1L << 63, 1),
                        wanted(0, 0),
                        invalid),
                refused(
                        D1,
                        "c",
                        "how many frames are wanted fits 64 bits",
                        extents(0, 0),
                        wanted(1L << 63, 1),
                        invalid));
    }

    /// The frame 0x18 is to give, and one numbered 7 is wanted.
    private static Scene listing() {
        return ExchangeCalls.listing(Vector.of(0x18L), Vector.of(7L));
    }

    private static Example by(VcpuId by, String row, String title, Scene scene) {
        return ExchangeCalls.by(by, "exchange/" + row, title, scene);
    }

    private static Example refused(
            VcpuId by,
            String row,
            String title,
            MemoryReservation in,
            MemoryReservation out,
            String answer) {
        return by(by, row, title, asking(listing(), in, out, 0))
                .answers("returns " + answer)
                .owes(counted(0));
    }
}
