// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.members;

import org.provisor.proofs.explore.UnitExpansion;
import org.provisor.proofs.explore.World;
import org.provisor.proofs.mail.MailReader;
import org.provisor.proofs.mail.MailWriter;
import org.provisor.proofs.smallworld.Group;
import org.provisor.proofs.smallworld.GuestContents;
import org.provisor.proofs.smallworld.SmallWorld;
import org.provisor.proofs.smallworld.WorldSize;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/// States of a small world expanded.
final class StatesWork {

    /// What is kept of explorations that were asked for last.
    private static final int KEPT = 2;

    private final Map<Long, Kept> kept = new LinkedHashMap<>();

    /// @param idle those that no thread uses now
    private record Kept(World world, Queue<UnitExpansion> idle) {}

    /// @param exploration a number of its own, so that none takes another's memory for its own
    static byte[] request(long exploration, WorldSize size, byte[] unit) {
        MailWriter to = Workplace.request(Workplace.Kind.STATES);
        to.number(exploration).small(size.frames()).small(size.slots()).small(size.levels());
        to.flag(size.linear()).small(size.controlFrames()).small(size.freeFrames());
        to.small(size.groups().size());
        size.groups().forEach(group -> to.text(group.name()));
        to.text(size.contents().name()).flag(size.reduced());
        return to.block(unit).done();
    }

    byte[] answer(MailReader request) {
        long exploration = request.number();
        WorldSize size =
                new WorldSize(
                        request.small(),
                        request.small(),
                        request.small(),
                        request.flag(),
                        request.small(),
                        request.small(),
                        groups(request),
                        GuestContents.valueOf(request.text()),
                        request.flag());
        Kept of = kept(exploration, size);
        UnitExpansion expansion = of.idle().poll();
        if (expansion == null) {
            expansion = new UnitExpansion(of.world());
        }
        // Not given back if it throws.
        byte[] answer = expansion.answer(request.block());
        of.idle().add(expansion);
        return answer;
    }

    private static Set<Group> groups(MailReader from) {
        Set<Group> groups = EnumSet.noneOf(Group.class);
        for (int left = from.small(); left > 0; left--) {
            groups.add(Group.valueOf(from.text()));
        }
        return groups;
    }

    private synchronized Kept kept(long exploration, WorldSize size) {
        Kept known = kept.get(exploration);
        if (known == null) {
            known = new Kept(new SmallWorld(size), new ConcurrentLinkedQueue<>());
            kept.put(exploration, known);
            if (kept.size() > KEPT) {
                kept.remove(kept.keySet().iterator().next());
            }
        }
        return known;
    }
}
