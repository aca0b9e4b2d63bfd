// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.state;

import io.vavr.collection.HashSet;
import io.vavr.collection.Set;

import org.provisor.spec.abi.Mfn;

/// How far the teardown of a dying domain has come.
///
/// @param stage what is being taken apart
/// @param visited the frames done with in this stage
/// @xen xen/arch/x86/domain.c, domain_relinquish_resources, relinquish_memory
public record Teardown(Stage stage, Set<Mfn> visited) {

    /// The stages in their order.
    public enum Stage {
        /// Roots, unfinished tables and descriptor tables of the vCPUs.
        VCPUS,
        /// Frames that Xen shares with the domain.
        XEN,
        /// All frames, forcing root tables apart.
        L4,
        /// All frames, forcing level 3 tables apart.
        L3,
        /// All frames, forcing level 2 tables apart.
        L2,
        /// Nothing is left to do.
        DONE
    }

    /// Before the first step.
    public static final Teardown START = new Teardown(Stage.VCPUS, HashSet.empty());

    /// The next stage, nothing visited yet.
    public Teardown next() {
        Stage after =
                switch (stage) {
                    case VCPUS -> Stage.XEN;
                    case XEN -> Stage.L4;
                    case L4 -> Stage.L3;
                    case L3 -> Stage.L2;
                    case L2, DONE -> Stage.DONE;
                };
        return new Teardown(after, HashSet.empty());
    }

    public Teardown visiting(Mfn mfn) {
        return new Teardown(stage, visited.add(mfn));
    }
}
