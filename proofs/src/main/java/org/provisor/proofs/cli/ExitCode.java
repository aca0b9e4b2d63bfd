// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

/// What the process says when it ends.
public final class ExitCode {

    /// Everything asked for was done, and nothing was found.
    public static final int FINE = 0;

    /// Something was found: a violation, a difference, a missing proof.
    public static final int FINDING = 1;

    /// The command line, or something it names, cannot be used.
    public static final int BAD_INPUT = 2;

    /// The command could not finish, through a fault that is not the user's. Never a finding.
    public static final int FAULT = 3;

    private ExitCode() {}
}
