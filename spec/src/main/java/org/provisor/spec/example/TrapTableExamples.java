// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.Scene.D1;
import static org.provisor.spec.example.Scene.LIST;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.Bitness;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.Invocation.SetTrapTableCall;
import org.provisor.spec.abi.TrapInfo;
import org.provisor.spec.state.Choices;
import org.provisor.spec.transition.Event;

/// Examples of handlers that a kernel registers.
final class TrapTableExamples {

    private static final SetTrapTableCall CALL = new SetTrapTableCall(LIST);
    private static final TrapInfo END = new TrapInfo(0, 0, 0, GuestAddress.NULL);
    private static final TrapInfo PAGE_FAULT =
            new TrapInfo(14, 4, 0xE033, new GuestAddress(0x1000));

    private TrapTableExamples() {}

    static Vector<Example> all() {
        return Vector.of(
                of(
                                "pv.set-trap-table/a",
                                "no table clears all handlers",
                                twice(),
                                new SetTrapTableCall(GuestAddress.NULL))
                        .answers("returns 0")
                        .changes(
                                "d1v0 vector 14: e033:1000 flags 4 -> none",
                                "d1v0 vector 128: e033:2000 flags 0 -> none"),
                of(
                                "pv.set-trap-table/b",
                                "entries before the one that cannot be read stay in force",
                                table(PAGE_FAULT),
                                CALL)
                        .answers("returns -14 EFAULT")
                        .changes("d1v0 vector 14: none -> e033:1000 flags 4"),
                of(
                                "pv.set-trap-table/b",
                                "a table may not be where Xen is",
                                Scene.usual(),
                                new SetTrapTableCall(new GuestAddress(0xFFFF_8000_0000_0000L)))
                        .answers("returns -14 EFAULT"),
                of("pv.set-trap-table/c", "a table of no entries changes nothing", table(END), CALL)
                        .answers("returns 0"),
                of(
                                "pv.set-trap-table/c",
                                "what the last entry says besides does not matter",
                                table(PAGE_FAULT, new TrapInfo(13, 7, 8, GuestAddress.NULL)),
                                CALL)
                        .answers("returns 0")
                        .changes("d1v0 vector 14: none -> e033:1000 flags 4"),
                of(
                                "pv.set-trap-table/d",
                                "what comes after a refused entry is not looked at",
                                table(
                                        PAGE_FAULT,
                                        handler(13, 0x8000_0000_0000L),
                                        handler(6, 0x2000)),
                                CALL)
                        .answers("returns -22 EINVAL")
                        .changes("d1v0 vector 14: none -> e033:1000 flags 4"),
                of(
                                "pv.set-trap-table/e",
                                "a table that is cut short goes on at the next entry",
                                table(PAGE_FAULT, handler(13, 0x2000), END),
                                CALL)
                        .observed(Choices.preemptedAfter(0))
                        .answers("made again: SetTrapTableCall[traps=va 10010]")
                        .changes("d1v0 vector 14: none -> e033:1000 flags 4"),
                of(
                                "pv.set-trap-table/e",
                                "it is asked after each entry whether to stop",
                                table(PAGE_FAULT, handler(13, 0x2000), END),
                                CALL)
                        .observed(Choices.preemptedAfter(1))
                        .answers("made again: SetTrapTableCall[traps=va 10020]")
                        .changes(
                                "d1v0 vector 13: none -> e033:2000 flags 0",
                                "d1v0 vector 14: none -> e033:1000 flags 4"),
                of(
                                "pv.set-trap-table.entry/a",
                                "an address that is not canonical is no handler",
                                table(handler(13, 0x7FFF_8000_0000_0000L)),
                                CALL)
                        .answers("returns -22 EINVAL"),
                of(
                                "pv.set-trap-table.entry/b",
                                "a selector gets privilege level 3",
                                table(new TrapInfo(255, 0xFF, 0xE008, new GuestAddress(-16)), END),
                                CALL)
                        .answers("returns 0")
                        .changes("d1v0 vector 255: none -> e00b:fffffffffffffff0 flags 255"),
                of(
                                "pv.set-trap-table.entry/b",
                                "of two entries of a vector the last counts",
                                table(handler(3, 0x1000), handler(3, 0x2000), END),
                                CALL)
                        .answers("returns 0")
                        .changes("d1v0 vector 3: none -> e033:2000 flags 0"),
                of(
                                "pv.set-trap-table.entry/b",
                                "an address of Xen's can be a handler",
                                table(handler(3, 0xFFFF_8000_0000_0000L), END),
                                CALL)
                        .answers("returns 0")
                        .changes("d1v0 vector 3: none -> e033:ffff800000000000 flags 0"));
    }

    private static TrapInfo handler(int vector, long address) {
        return new TrapInfo(vector, 0, 0xE033, new GuestAddress(address));
    }

    /// A table with these entries.
    static Scene table(TrapInfo... entries) {
        return table(Scene.usual(), entries);
    }

    static Scene table(Scene scene, TrapInfo... entries) {
        Scene now = scene;
        GuestAddress at = LIST;
        for (TrapInfo entry : entries) {
            now = now.structure(at, entry.toBytes(Bitness.BITS_64));
            at = at.plus(TrapInfo.LAYOUT.size(Bitness.BITS_64));
        }
        return now;
    }

    private static Scene twice() {
        return table(PAGE_FAULT, handler(128, 0x2000), END).call(D1, CALL);
    }

    private static Example of(String row, String title, Scene scene, SetTrapTableCall call) {
        return Example.of(row, title, scene, D1, new Event.Call(call));
    }
}
