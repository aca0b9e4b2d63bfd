// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.book;

import java.util.List;

/// A source of the specification, with what its names mean.
///
/// @param type the class, its packages below `org.provisor.spec` before it: `mm.PageTypes`
/// @param file below the sources' directory: `org/provisor/spec/mm/PageTypes.java`
/// @param text all of it
/// @param names the names in it that mean something in the specification, by where they start
record Source(String type, String file, String text, List<Name> names) {

    Source {
        names = List.copyOf(names);
    }

    /// A name.
    ///
    /// @param start where it starts in the text
    /// @param end where it ends, exclusive
    /// @param target the class that declares what it means, as in {@link Source#type}
    /// @param line the line of the declaration there, from 1
    record Name(int start, int end, String target, long line) {}

    /// The line that a place in the text is on, from 1.
    long line(int at) {
        return text.substring(0, at).chars().filter(c -> c == '\n').count() + 1;
    }
}
