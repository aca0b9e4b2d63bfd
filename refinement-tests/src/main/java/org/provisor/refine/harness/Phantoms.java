// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.harness;

import org.provisor.refine.program.FrameNumbers;
import org.provisor.refine.program.World;
import org.provisor.refine.program.World.Heavy;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Life;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.TypeUse;

/// References that a frame starts with and nobody holds, see [World.Heavy]. The invariants count
/// holders, so they are asked of the machine as it would be without such references.
final class Phantoms {

    private final long[] numbers;
    private final long[] references;
    private final long[] types;

    Phantoms(World world, FrameNumbers names) {
        int count = world.heavy().size();
        numbers = new long[count];
        references = new long[count];
        types = new long[count];
        for (int i = 0; i < count; i++) {
            Heavy heavy = world.heavy().get(i);
            numbers[i] = names.number(heavy.frame());
            references[i] = heavy.references() - 1;
            types[i] = heavy.typeReferences();
        }
    }

    /// A machine without them. A frame that only they kept is free, and a domain that only such
    /// frames kept is gone.
    Machine without(Machine machine) {
        Machine now = machine;
        for (int i = 0; i < numbers.length; i++) {
            now = without(now, new Mfn(numbers[i]), references[i], types[i]);
        }
        return now;
    }

    private static Machine without(Machine machine, Mfn mfn, long references, long types) {
        Frame frame = machine.frame(mfn);
        TypeUse use = frame.use().withCount(frame.use().count() - types);
        Frame less = frame.withRefs(frame.refs() - references).withUse(use);
        if (less.refs() != 0 || less.special()) {
            return machine.with(mfn, less);
        }
        Domain owner = machine.domain(frame.owner());
        Domain without = owner.withPages(owner.totPages() - 1, owner.claim());
        Machine freed = machine.with(mfn, Frame.FREE).with(without);
        return without.life() == Life.DEAD ? goneIfUnheld(freed, owner.id()) : freed;
    }

    private static Machine goneIfUnheld(Machine machine, Domid id) {
        Machine now = machine;
        for (int number = 0; number < machine.frames().size(); number++) {
            Mfn mfn = new Mfn(number);
            Frame frame = machine.frame(mfn);
            if (frame.ownedBy(id)) {
                if (frame.refs() > 0) {
                    return machine;
                }
                now = now.with(mfn, Frame.FREE);
            }
        }
        return now.without(id);
    }
}
