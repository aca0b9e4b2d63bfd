// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.gen;

import java.util.List;

/// Something that a program does: a call with what leads up to it, or a few calls that belong
/// together.
///
/// @param name what it is called
/// @param weight how often it is made, compared with others
/// @param play how it is made
/// @param reaches what it can reach: clauses of the specification, and calls as Xen names them
record Move(String name, int weight, Play play, List<String> reaches) {

    /// Makes a move.
    @FunctionalInterface
    interface Play {
        void on(Stage stage);
    }

    static Move of(String name, int weight, Play play, String... reaches) {
        return new Move(name, weight, play, List.of(reaches));
    }

    /// Whether it can reach something that begins so.
    boolean reaches(String prefix) {
        return reaches.stream().anyMatch(claim -> claim.startsWith(prefix));
    }
}
