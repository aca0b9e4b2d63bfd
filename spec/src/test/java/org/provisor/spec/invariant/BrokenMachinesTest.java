// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.invariant;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.example.Scene;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Table;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/// Each invariant can fail: there is a machine, a single change away from one in which all hold,
/// that it alone rejects first.
final class BrokenMachinesTest {

    private static final Domid GUEST = new Domid(1);

    /// The level 1 table 0x10 is pinned and maps 0x14 for reading, the level 2 table 0x12 is pinned
    /// and empty.
    private static Scene whole() {
        return Scene.usual()
                .entry(0x10, 0, Scene.readOnly(0x14))
                .mmuext(Scene.D1, MmuextCommand.PIN_L1_TABLE, 0x10)
                .mmuext(Scene.D1, MmuextCommand.PIN_L2_TABLE, 0x12);
    }

    private static Scene frame(long mfn, UnaryOperator<Frame> change) {
        Scene whole = whole();
        return whole.frame(mfn, change.apply(whole.machine().frame(new Mfn(mfn))));
    }

    private static Scene table(long mfn, UnaryOperator<Table> change) {
        return frame(mfn, frame -> frame.withTable(change.apply(frame.table())));
    }

    private static Scene broken(Invariant invariant) {
        return switch (invariant) {
            case REFERENCE_ALGEBRA -> frame(0x15, frame -> frame.withRefs(2));
            case WRITABLE_XOR_TABLE -> frame(0x10, frame -> frame.withStale(true));
            // The entry is still there, and no longer a user's.
            case ENTRY_MASK ->
                    table(0x10, table -> table.withContents(table.contents().with(0, 0x14001)));
            case LINEAR_DEPTH -> table(0x12, table -> table.withLinear(1));
            case PARTIAL_STATE -> table(0x10, table -> table.at(5, false));
            case FREED_UNREACHABLE -> frame(0x30, frame -> frame.withStale(true));
            case CONSERVATION -> {
                Domain guest = whole().machine().domain(GUEST);
                yield whole().domain(guest.withPages(guest.totPages() + 1, 0));
            }
            case RESIDUE -> frame(0x30, _ -> Frame.allocatedTo(new Domid(9)));
        };
    }

    @Test
    void eachInvariantRejectsAMachine() {
        assertEquals("", violated(whole()));
        Map<Invariant, String> first = new EnumMap<>(Invariant.class);
        Map<Invariant, String> expected = new EnumMap<>(Invariant.class);
        for (Invariant invariant : Invariant.values()) {
            first.put(invariant, violated(broken(invariant)));
            expected.put(invariant, invariant.number());
        }
        assertEquals(expected, first);
    }

    private static String violated(Scene scene) {
        return Invariant.violated(scene.machine())
                .map(violation -> violation.invariant().number())
                .getOrElse("");
    }
}
