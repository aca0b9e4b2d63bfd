// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.gen;

import java.util.ArrayList;
import java.util.List;

/// All moves there are.
final class Moves {

    private static final List<List<Move>> AREAS =
            List.of(
                    TableMoves.ALL,
                    EntryMoves.ALL,
                    RootMoves.ALL,
                    PinMoves.ALL,
                    PageMoves.ALL,
                    AddressMoves.ALL,
                    DescriptorMoves.ALL,
                    ReservationMoves.ALL,
                    ExchangeMoves.ALL,
                    QueryMoves.ALL,
                    AssistMoves.ALL,
                    KernelMoves.ALL,
                    VcpuMoves.ALL,
                    LifeMoves.ALL);

    static final List<Move> ALL = all();

    private Moves() {}

    private static List<Move> all() {
        List<Move> all = new ArrayList<>();
        AREAS.forEach(all::addAll);
        return List.copyOf(all);
    }
}
