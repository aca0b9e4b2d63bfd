// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.bench;

import java.util.ArrayList;
import java.util.List;

/// A guest crashed, did not get on, or came to a wrong result: what was measured says nothing.
public final class BenchFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ArrayList<String> console;

    BenchFailedException(String what, List<String> console) {
        super(what);
        this.console = new ArrayList<>(console);
    }

    /// The last lines of the guest's console.
    public List<String> console() {
        return List.copyOf(console);
    }
}
