// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.launch;

/// Why a guest does not run any more.
///
/// @param reason what it gave as the reason of its shutdown; 0 for other kinds
/// @param text in one line
public record Ending(Kind kind, int reason, String text) {

    /// What happened.
    public enum Kind {
        /// As many instructions were carried out as were to be.
        LIMIT,
        /// The guest asked for it.
        SHUTDOWN,
        /// It cannot go on.
        CRASHED,
        /// It waits, and there is nothing that could wake it.
        ASLEEP
    }

    /// Reasons of shutdowns.
    ///
    /// @xen xen/include/public/sched.h, SHUTDOWN_poweroff and those after it
    public static final int POWEROFF = 0;

    public static final int REBOOT = 1;
    public static final int SUSPEND = 2;
    public static final int CRASH = 3;
    public static final int WATCHDOG = 4;
    public static final int SOFT_RESET = 5;
}
