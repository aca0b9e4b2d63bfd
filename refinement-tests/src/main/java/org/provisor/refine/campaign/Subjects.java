// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.campaign;

import org.provisor.refine.harness.Run;
import org.provisor.refine.harness.Subject;
import org.provisor.refine.program.World;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/// What programs run on, one for each machine that they start on: a subject that starts the same
/// machine again and again need not build it anew. For one thread.
final class Subjects implements AutoCloseable {

    /// Shrinking tries many machines, each a few times.
    private static final int MOST = 16;

    private final Supplier<? extends Subject> made;
    private final Map<World, Subject> byWorld = new HashMap<>();

    Subjects(Supplier<? extends Subject> made) {
        this.made = made;
    }

    /// Whether a machine can be started.
    boolean starts(World world) {
        return byWorld.isEmpty() || byWorld.values().iterator().next().starts(world);
    }

    /// A machine that has just started.
    Run start(World world) {
        return subject(world).start(world);
    }

    private Subject subject(World world) {
        Subject subject = byWorld.get(world);
        if (subject == null) {
            if (byWorld.size() >= MOST) {
                close();
            }
            subject = made.get();
            byWorld.put(world, subject);
        }
        return subject;
    }

    @Override
    public void close() {
        byWorld.values().forEach(Subject::close);
        byWorld.clear();
    }
}
