// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.activity;

import org.provisor.refine.program.NamedProfile;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// What all activities are run with.
///
/// @param project the project's directory
/// @param profile which profile of the specification, where it makes a difference
/// @param seed where chance starts
/// @param steps how many steps what is made up by chance takes; empty if time decides
/// @param budgetNanos how long everything together should take
/// @param jobs threads
/// @param xen the Xen to judge beside what is built in, if any
/// @param xenMissing why there is none, in a line that says what to install
public record Settings(
        Path project,
        NamedProfile profile,
        long seed,
        Optional<Long> steps,
        long budgetNanos,
        int jobs,
        Optional<XenUnderTest> xen,
        String xenMissing) {

    /// The share of the budget for what is made up by chance, which has no end of its own; what has
    /// one is known to take a little over half of ten minutes.
    public long chanceNanos() {
        return Math.max(TimeUnit.SECONDS.toNanos(5), budgetNanos / 5);
    }

    /// The seed as commands take it.
    public String seedText() {
        return "0x" + Long.toHexString(seed);
    }

    /// A Xen and what runs it.
    ///
    /// @param image its file
    /// @param qemu the command of QEMU
    public record XenUnderTest(Path image, String qemu) {}
}
