// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.harness;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.program.World;

/// Runs programs on the specification alone.
public final class SpecSubject implements Subject {

    private @Nullable World last;
    private @Nullable SpecBoot boot;

    /// A subject that has not started any machine.
    public SpecSubject() {}

    @Override
    public SpecRun start(World world) {
        SpecBoot now = boot;
        if (now == null || !world.equals(last)) {
            now = SpecBoot.of(world);
            boot = now;
            last = world;
        }
        return new SpecRun(world, now);
    }
}
