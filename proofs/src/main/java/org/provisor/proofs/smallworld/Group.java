// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.smallworld;

import java.util.Locale;

/// A group of actions that can be on or off.
public enum Group {
    /// Pins and unpins.
    PINS("pinning and unpinning page tables"),
    /// Entries of page tables.
    ENTRIES("changing entries of page tables"),
    /// Base pointers.
    ROOTS("loading kernel and user roots"),
    /// Whole pages are cleared and copied.
    PAGES("clearing and copying whole pages"),
    /// Frames are given back, taken and exchanged, and claimed.
    RESERVATION("giving memory back, taking, exchanging and claiming it"),
    /// The guest hides the machine-to-physical table from its user mode, or shows it.
    STRICT("switching the assist m2p_strict on and off"),
    /// The guest is destroyed.
    DEATH("destroying the guest"),
    /// The guest has a second vCPU, which does what the first does.
    SECOND("all of these by a second vCPU of the guest too"),
    /// The control domain does with its own frames what the guest does with its own.
    CONTROL("all of these by the control domain too, on its own frames"),
    /// The control domain works on the guest's frames, and maps them in its own tables.
    FOREIGN("all of these by the control domain too, on the guest's frames");

    private final String text;

    Group(final String text) {
        this.text = text;
    }

    /// What the actions are.
    public String text() {
        return text;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
