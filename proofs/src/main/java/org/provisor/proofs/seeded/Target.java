// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.seeded;

import org.provisor.refine.concurrent.SwitchPoints;

import java.util.List;
import java.util.Locale;

/// What errors are put into: a module of the project.
public enum Target {
    /// The rules. What judges them is loaded together with them.
    SPECIFICATION("spec"),

    /// What is compared with the rules. What compares them is loaded together with it; the rules
    /// are shared, since they do not know it.
    IMPLEMENTATION("impl"),

    /// The same, where two vCPUs make calls at the same time.
    TWO_VCPUS("impl"),

    /// The same, where a kernel makes the calls that runs on the implementation.
    GUEST_PATH("impl");

    private final String module;

    Target(String module) {
        this.module = module;
    }

    /// The name of the module.
    public String module() {
        return module;
    }

    /// Where its sources are, below the project's directory.
    String sources() {
        return module + "/src/main/java/" + packages();
    }

    /// The directory of its packages below that of all.
    String packages() {
        return "org/provisor/" + module + "/";
    }

    /// The file of the errors that are shipped.
    String errors() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-') + "-errors.txt";
    }

    /// Packages with all that can have an error in it, or lead to something that has.
    List<String> loaded() {
        return switch (this) {
            case SPECIFICATION ->
                    List.of(
                            "org.provisor.spec.",
                            "org.provisor.refine.",
                            "org.provisor.proofs.explore.",
                            "org.provisor.proofs.smallworld.",
                            "org.provisor.proofs.seeded.loaded.",
                            "org.provisor.proofs.mutation.loaded.");
            case IMPLEMENTATION, TWO_VCPUS, GUEST_PATH ->
                    List.of(
                            "org.provisor.impl.",
                            "org.provisor.refine.",
                            "org.provisor.proofs.seeded.loaded.",
                            "org.provisor.proofs.recall.loaded.",
                            "org.provisor.proofs.mutation.loaded.");
        };
    }

    /// Those of them that lead to nothing else in them. They are shared by all while they have no
    /// error themselves, so that they need not be loaded and warmed up each time.
    List<String> shared() {
        return switch (this) {
            case SPECIFICATION ->
                    List.of(
                            "org.provisor.spec.notation.",
                            "org.provisor.spec.abi.",
                            "org.provisor.spec.x86.",
                            "org.provisor.spec.state.",
                            "org.provisor.spec.invariant.",
                            "org.provisor.proofs.mail.",
                            "org.provisor.proofs.explore.");
            case IMPLEMENTATION, TWO_VCPUS, GUEST_PATH -> List.of();
        };
    }

    /// What is done to a class's bytes as it is loaded: threads take turns where two vCPUs run.
    byte[] prepared(String name, byte[] bytes) {
        return this == TWO_VCPUS && name.startsWith(SwitchPoints.PACKAGES)
                ? SwitchPoints.in(bytes)
                : bytes;
    }
}
