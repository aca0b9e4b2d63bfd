// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.xen;

import java.util.ArrayList;
import java.util.List;

/// Xen, the probe or QEMU is not there any more, or does not answer. Always a finding: nothing that
/// a guest does may end so.
public final class XenLostException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /// What happened.
    public enum Kind {
        /// Xen says that it has stopped.
        PANIC,
        /// Xen has crashed the domain that the probe is.
        DOMAIN_CRASHED,
        /// The probe was interrupted where it cannot be.
        TRAPPED,
        /// What one side wrote is not what the other read.
        GARBLED,
        /// No answer in time.
        HANG,
        /// QEMU has ended.
        EXITED,
        /// It did not come so far as to answer anything.
        NOT_STARTED
    }

    private final Kind kind;
    private final String what;
    private final ArrayList<String> console;

    XenLostException(Kind kind, String what, List<String> console) {
        super(what + (console.isEmpty() ? "" : "\n  " + String.join("\n  ", console)));
        this.kind = kind;
        this.what = what;
        this.console = new ArrayList<>(console);
    }

    public Kind kind() {
        return kind;
    }

    /// What happened, in a line.
    public String what() {
        return what;
    }

    /// The last lines of the console.
    public List<String> console() {
        return List.copyOf(console);
    }
}
