// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.concurrent;

import org.jetbrains.lincheck.datastructures.ManagedStrategyGuarantee;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;

/// How Lincheck is asked: it runs short programs of two threads many times, each time with other
/// switches between them, and compares with a sequential specification.
///
/// A switch can be at every access to the frame table and to other fields. The loops over the
/// entries of a table are one step each: they are too long, and the thread has the frame to itself.
final class ModelChecking {

    private ModelChecking() {}

    /// Programs of `actors` calls a thread.
    ///
    /// @param programs how many of them
    /// @param runs how often each
    static ModelCheckingOptions programs(final int programs, final int actors, final int runs) {
        return new ModelCheckingOptions()
                .iterations(programs)
                .invocationsPerIteration(runs)
                .threads(2)
                .actorsBefore(2)
                .actorsPerThread(actors)
                .actorsAfter(1)
                .addGuarantee(
                        atomic("org.provisor.impl.mm.Validation", "level1", "table", "descriptors"))
                .addGuarantee(atomic("org.provisor.impl.mm.Demotion", "level1", "table"))
                .addGuarantee(all("org.provisor.refine.concurrent.SmallHost"))
                .addGuarantee(all("org.provisor.impl.memory.MachineMemory"))
                .addGuarantee(all("org.provisor.impl.trace.TraceBuffer"));
    }

    private static ManagedStrategyGuarantee atomic(final String type, final String... methods) {
        return ManagedStrategyGuaranteeKt.forClasses(type).methods(methods).treatAsAtomic();
    }

    private static ManagedStrategyGuarantee all(final String type) {
        return ManagedStrategyGuaranteeKt.forClasses(type).allMethods().treatAsAtomic();
    }
}
