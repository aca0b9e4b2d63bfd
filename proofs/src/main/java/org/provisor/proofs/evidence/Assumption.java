// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.evidence;

import java.util.List;

/// Something trusted.
///
/// @param name its identifier
/// @param owner who has to see to it
/// @param text what is trusted
/// @param tested how it is tested, or that it is not
record Assumption(String name, String owner, String text, String tested) {

    private static final String FILE = "assumptions.txt";

    /// The ledger.
    static List<Assumption> ledger() {
        return Texts.lines(FILE).map(Assumption::of).toList();
    }

    private static Assumption of(String line) {
        String[] parts = line.split(" \\| ");
        if (parts.length != 4) {
            throw new IllegalStateException(FILE + ": " + line);
        }
        return new Assumption(parts[0], parts[1], parts[2], parts[3]);
    }
}
