// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.recall;

import java.util.Locale;

/// An error that Xen had, and whether it can be had here.
///
/// @param id the advisory's number, with a letter if it was about several errors: `XSA-299b`
/// @param area what it was about
/// @param title what went wrong, in a few words
/// @param standing whether it can be had here, as was decided before it was tried
/// @param why why it cannot be had, or what is missing; empty where it can
public record Advisory(String id, String area, String title, Standing standing, String why) {

    /// Whether a name means this: it is the same, or what it says less could be any, like `XSA-299`
    /// or `xsa-045`.
    public boolean isOf(String name) {
        String plain = name.toUpperCase(Locale.ROOT).replaceFirst("^XSA-0*", "XSA-");
        String own = id.toUpperCase(Locale.ROOT);
        return own.startsWith(plain) && own.substring(plain.length()).matches("[A-Z]?(\\.[0-9]+)?");
    }

    /// Whether an error can be had in the implementation as it is.
    public enum Standing {
        /// There is code that could have it: it has a mutant.
        EXPRESSIBLE("expressible"),
        /// It cannot be had, by how things are built.
        PREVENTED("prevented"),
        /// It is in a part of Xen that is to come.
        NOT_YET("not-yet"),
        /// It is in something that is no part of a hypervisor, or of this one.
        OUTSIDE("outside");

        private final String text;

        Standing(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
