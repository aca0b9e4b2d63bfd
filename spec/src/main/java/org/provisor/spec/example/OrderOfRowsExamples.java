// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.abi.MemoryCommand.ADD_TO_PHYSMAP;
import static org.provisor.spec.abi.MemoryCommand.ADD_TO_PHYSMAP_BATCH;
import static org.provisor.spec.example.ExchangeCalls.counted;
import static org.provisor.spec.example.ExchangeCalls.wanted;
import static org.provisor.spec.example.MemoryCalls.extents;
import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.BatchCount;
import org.provisor.spec.abi.Bitness;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.ForeignDomains;
import org.provisor.spec.abi.ForeignMemoryMap;
import org.provisor.spec.abi.Invocation;
import org.provisor.spec.abi.MemoryCommand;
import org.provisor.spec.abi.MemoryFlags;
import org.provisor.spec.abi.MemoryMap;
import org.provisor.spec.abi.MemoryReservation;
import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.abi.MmuextOp;
import org.provisor.spec.transition.Event;

/// Examples of calls that are wrong in two ways: the row that is looked at first decides.
final class OrderOfRowsExamples {

    private OrderOfRowsExamples() {}

    static Vector<Example> all() {
        return destroyed()
                .appendAll(physmap())
                .append(map())
                .appendAll(exchange())
                .appendAll(nodes())
                .appendAll(batches())
                .append(device())
                .append(pinned());
    }

    private static Vector<Example> destroyed() {
        return Vector.of(
                Example.of(
                                "mm.domain.destroy/a",
                                "that there is no such domain is said to everybody",
                                Scene.usual(),
                                D1,
                                new Event.Destroy(new Domid(9)))
                        .answers("returns -3 ESRCH"),
                Example.of(
                                "mm.domain.destroy/b",
                                "a guest may not destroy itself, as it may destroy nobody",
                                Scene.usual(),
                                D1,
                                new Event.Destroy(new Domid(1)))
                        .answers("returns -1 EPERM"));
    }

    private static Vector<Example> physmap() {
        return Vector.of(
                MemoryCalls.from(
                                1 << 16,
                                D1,
                                "mm.physmap.add-one/a",
                                "how long a range is, is looked at before its structure",
                                Scene.usual(),
                                ADD_TO_PHYSMAP)
                        .answers("returns -33 EDOM"),
                MemoryCalls.from(
                                1 << 16,
                                D1,
                                "mm.physmap.add-batch/a",
                                "how long a batch is, is looked at before its structure",
                                Scene.usual(),
                                ADD_TO_PHYSMAP_BATCH)
                        .answers("returns -33 EDOM"));
    }

    private static Example map() {
        ForeignMemoryMap map =
                new ForeignMemoryMap(new Domid(2), new MemoryMap(1, MemoryCalls.XENS));
        return MemoryCalls.by(
                        D1,
                        "mm.memory-map.set/d",
                        "whose map it is, is looked at before the map",
                        Scene.usual().structure(MemoryCalls.ARG, map.toBytes(Bitness.BITS_64)),
                        MemoryCommand.SET_MEMORY_MAP)
                .answers("returns -1 EPERM");
    }

    private static Example exchanges(String row, String title, long count) {
        return ExchangeCalls.by(
                D1,
                "exchange" + row,
                title,
                ExchangeCalls.asking(Scene.usual(), extents(count, 0), wanted(count, 0), 0));
    }

    private static Vector<Example> nodes() {
        MemoryFlags exact = MemoryFlags.NONE.withNode(0).with(MemoryFlags.EXACT_NODE_REQUEST);
        MemoryReservation none =
                MemoryCalls.of(MemoryCalls.nobody().value(), MemoryCalls.with(exact, wanted(1, 0)));
        MemoryReservation second = MemoryCalls.of(2, MemoryCalls.with(exact, extents(1, 0)));
        return Vector.of(
                ExchangeCalls.by(
                                D1,
                                "exchange/f",
                                "which memory a guest wants is looked at before for whom",
                                ExchangeCalls.asking(
                                        Scene.usual(),
                                        MemoryCalls.of(MemoryCalls.nobody().value(), extents(1, 0)),
                                        none,
                                        0))
                        .answers("returns -22 EINVAL")
                        .owes(counted(0)),
                MemoryCalls.by(
                                D1,
                                "mm.reservation/f",
                                "which memory is wanted is looked at before the right to ask",
                                MemoryCalls.asking(Scene.usual(), second),
                                MemoryCommand.INCREASE_RESERVATION)
                        .answers("returns 0"));
    }

    private static Vector<Example> batches() {
        ForeignDomains unknown = ForeignDomains.of(MemoryCalls.nobody(), MemoryCalls.nobody());
        BatchCount one = new BatchCount(1);
        return Vector.of(
                Example.of(
                                "mm.mmu-update/c",
                                "where a batch is, is looked at before whose tables it is for",
                                Scene.usual(),
                                D1,
                                new Event.Call(
                                        new Invocation.MmuUpdateCall(
                                                MemoryCalls.XENS, one, Scene.DONE, unknown)))
                        .answers("returns -14 EFAULT"),
                Example.of(
                                "mm.mmuext/c",
                                "where operations are, is looked at before for whom they are",
                                Scene.usual(),
                                D1,
                                new Event.Call(
                                        new Invocation.MmuextOpCall(
                                                MemoryCalls.XENS, one, Scene.DONE, unknown)))
                        .answers("returns -14 EFAULT"));
    }

    private static Example device() {
        return MmuextCalls.by(
                        Scene.D0,
                        ForeignDomains.of(Domid.IO),
                        "mm.clear-page/a",
                        "a page that is no device's is not cleared as one",
                        Scene.usual(),
                        MmuextOp.of(MmuextCommand.CLEAR_PAGE, 0x14))
                .answers("returns -22 EINVAL")
                .owes(Trees.NONE_DONE);
    }

    private static Example pinned() {
        return MmuextCalls.by(
                        Scene.D0,
                        ForeignDomains.of(Trees.ONE),
                        "mm.pin/e",
                        "that a table is pinned already is looked at before whose it is",
                        MemoryCalls.dying(Trees.pinnedL1()),
                        MmuextOp.of(MmuextCommand.PIN_L1_TABLE, 0x10))
                .answers("returns -22 EINVAL")
                .owes(Trees.NONE_DONE);
    }

    private static Vector<Example> exchange() {
        return Vector.of(
                exchanges("/e", "as many extents as there are numbers fit, but no list does", -1)
                        .answers("returns -14 EFAULT")
                        .owes(counted(0)),
                exchanges("/e", "a list is shorter than all addresses", (1L << 61) - 1)
                        .answers("returns -14 EFAULT")
                        .owes(counted(0)),
                exchanges(
                                "/i",
                                "the longest list there can be is looked at entry by entry",
                                (1L << 61) - 2)
                        .answers("returns -14 EFAULT")
                        .owes(counted(0)));
    }
}
