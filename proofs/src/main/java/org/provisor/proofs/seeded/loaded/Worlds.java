// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.seeded.loaded;

import org.provisor.proofs.smallworld.Group;
import org.provisor.proofs.smallworld.GuestContents;
import org.provisor.proofs.smallworld.WorldSize;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// The small worlds in which errors are looked for, the smallest first.
final class Worlds {

    private static final Set<Group> TABLES =
            Set.of(Group.PINS, Group.ENTRIES, Group.ROOTS, Group.DEATH);

    /// Worlds that differ in what they are rich in: contents of frames, entries in a table, tables,
    /// kinds of calls, or what one domain does to another.
    static final List<WorldSize> ALL =
            List.of(
                    WorldSize.of(3, 1, TABLES, GuestContents.ALL),
                    WorldSize.of(3, 2, TABLES, GuestContents.EMPTY),
                    WorldSize.of(3, 1, Set.of(Group.PINS, Group.ENTRIES), GuestContents.EMPTY)
                            .owned(0, 0),
                    WorldSize.of(
                            3,
                            1,
                            EnumSet.complementOf(EnumSet.of(Group.FOREIGN, Group.SECOND)),
                            GuestContents.EMPTY),
                    WorldSize.of(3, 2, TABLES, GuestContents.ALL).withoutLinear(),
                    WorldSize.of(
                            3,
                            1,
                            EnumSet.complementOf(EnumSet.of(Group.SECOND)),
                            GuestContents.EMPTY),
                    WorldSize.STANDARD);

    private Worlds() {}
}
