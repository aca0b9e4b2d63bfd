// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.program.NamedProfile;

import picocli.CommandLine.Option;

import java.util.Optional;

/// In which profile of the specification something runs.
final class ProfileOption {

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            description =
                    "The configuration of Xen: 4.17, as Debian's starts by itself, or"
                            + " 4.17-no-linear-pt, started with pv-linear-pt=false (default:"
                            + " 4.17; of a campaign, some machines of each).")
    private @Nullable String name;

    /// What was asked for, if anything.
    ///
    /// @throws BadInput if there is no such profile
    Optional<NamedProfile> asked() {
        String asked = name;
        if (asked == null) {
            return Optional.empty();
        }
        Optional<NamedProfile> found = NamedProfile.named(asked);
        if (found.isEmpty()) {
            throw new BadInput(
                    "there is no profile "
                            + asked
                            + "; there are "
                            + String.join(", ", NamedProfile.names()));
        }
        return found;
    }

    /// What was asked for, or the usual one.
    ///
    /// @throws BadInput if there is no such profile
    NamedProfile orUsual() {
        return asked().orElse(NamedProfile.XEN_4_17);
    }
}
