// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.ExchangeCalls.asking;
import static org.provisor.spec.example.ExchangeCalls.counted;
import static org.provisor.spec.example.ExchangeCalls.listing;
import static org.provisor.spec.example.ExchangeCalls.wanted;
import static org.provisor.spec.example.MemoryCalls.extents;
import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.MemoryFlags;
import org.provisor.spec.state.Choices;

/// Examples of what a domain gets in an exchange, and how it is told.
final class ExchangeGivenExamples {

    private ExchangeGivenExamples() {}

    static Vector<Example> all() {
        return Vector.of(split(), limited(), unreadNumber(), unwritable());
    }

    private static Example by(String row, String title, Scene scene) {
        return ExchangeCalls.by(D1, "exchange." + row, title, scene);
    }

    /// The frames 0x18 and 0x19 for two single ones.
    private static Scene splitting(Vector<Long> numbers) {
        return asking(listing(Vector.of(0x18L), numbers), extents(1, 1), wanted(2, 0), 0);
    }

    private static Example split() {
        return by(
                        "given/a",
                        "the extent that the allocator gave last is handed out first",
                        splitting(Vector.of(5L, 9L)))
                .observed(Choices.NONE.giving(0x30, 0x33))
                .answers("returns 0")
                .changes(
                        MemoryCalls.lines(
                                MemoryCalls.freed(1, 0x18, 0x19)
                                        .appendAll(ExchangeCalls.gained(0x30, 9))
                                        .appendAll(ExchangeCalls.gained(0x33, 5))))
                .owes(
                        MemoryCalls.reused(0x30, 0),
                        MemoryCalls.reused(0x33, 0),
                        ExchangeCalls.told(0, 0x33),
                        ExchangeCalls.told(1, 0x30),
                        counted(1));
    }

    private static Example limited() {
        return by(
                        "given/a",
                        "a guest gets a frame with a short address for one with a long",
                        asking(
                                listing(Vector.of(0x1fL), Vector.of(7L)),
                                extents(1, 0),
                                MemoryCalls.with(
                                        MemoryFlags.NONE.withAddressBits(15), wanted(1, 0)),
                                0))
                .observed(Choices.NONE.giving(0x2))
                .answers("returns 0")
                .changes(
                        MemoryCalls.lines(
                                ExchangeCalls.gained(0x2, 7).appendAll(MemoryCalls.freed(1, 0x1f))))
                .owes(MemoryCalls.reused(0x2, 0), ExchangeCalls.told(0, 0x2), counted(1));
    }

    private static Example unreadNumber() {
        return by(
                        "given/b",
                        "a frame without a number that can be read is the domain's, and it is not"
                                + " told",
                        splitting(Vector.of(5L)))
                .observed(Choices.NONE.giving(0x30, 0x33))
                .answers("returns -14 EFAULT")
                .changes(
                        MemoryCalls.lines(
                                MemoryCalls.freed(1, 0x18, 0x19)
                                        .appendAll(MemoryCalls.gained(1, 0x30))
                                        .appendAll(ExchangeCalls.gained(0x33, 5))))
                .owes(
                        MemoryCalls.reused(0x30, 0),
                        MemoryCalls.reused(0x33, 0),
                        ExchangeCalls.told(0, 0x33),
                        counted(0));
    }

    private static Example unwritable() {
        Scene splitting = splitting(Vector.of(5L, 9L));
        return by(
                        "given/b",
                        "a frame that the domain cannot be told of does not keep the next from it",
                        splitting.with(splitting.ram().readOnly(ExchangeCalls.WANTED)))
                .observed(Choices.NONE.giving(0x30, 0x33))
                .answers("returns -14 EFAULT")
                .changes(
                        MemoryCalls.lines(
                                MemoryCalls.freed(1, 0x18, 0x19)
                                        .appendAll(ExchangeCalls.gained(0x30, 9))
                                        .appendAll(ExchangeCalls.gained(0x33, 5))))
                .owes(
                        MemoryCalls.reused(0x30, 0),
                        MemoryCalls.reused(0x33, 0),
                        ExchangeCalls.told(1, 0x30),
                        counted(0));
    }
}
