// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.requirement;

import java.util.List;

/// A requirement.
///
/// @param level how near to the software it is
/// @param name unique within its level
/// @param text what shall be, a sentence or more, in Markdown
/// @param parents the names of those of the level above that it serves
/// @param excepted why nothing below it is needed, of a clause why no code is; else empty
public record Requirement(
        Level level, String name, String text, List<String> parents, String excepted) {

    public Requirement {
        parents = List.copyOf(parents);
    }

    /// How near to the software a requirement is.
    public enum Level {
        /// What the user needs.
        MARKET("mkt"),
        /// What the product does about it.
        PRODUCT("prod"),
        /// What the software does: a clause.
        SOFTWARE("swdgn");

        private final String kind;

        Level(String kind) {
            this.kind = kind;
        }

        /// As tracing tools know it.
        public String kind() {
            return kind;
        }
    }

    /// As tracing tools name it: `swdgn~mm.pin~1`.
    public String id() {
        return level.kind() + "~" + name + "~1";
    }
}
