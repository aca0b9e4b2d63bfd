// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.hostile;

import java.util.Locale;

/// What a hostile kernel does.
public enum Mischief {
    /// It carries out random bytes, in user mode and in its own.
    CODE("code"),
    /// It makes random hypercalls.
    CALLS("calls"),
    /// It builds random page tables, writes to them and switches to them.
    TABLES("tables"),
    /// It changes the code that it is in.
    MODIFY("modify"),
    /// It makes up more code than anything can keep.
    FLOOD("flood"),
    /// It does all of that, by turns.
    ALL("code+calls+tables+modify+flood");

    private final String words;

    Mischief(final String words) {
        this.words = words;
    }

    /// As the kernel's command line has it.
    String words() {
        return words;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
