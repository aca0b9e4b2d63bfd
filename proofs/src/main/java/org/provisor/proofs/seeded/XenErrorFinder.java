// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.seeded;

import java.nio.file.Path;
import java.util.List;

/// Makes what looks for something that the specification says otherwise than a real Xen does.
///
/// Each specification has its own classes, and its own finder. Only what is in this package and in
/// the Java library goes between them.
public interface XenErrorFinder {

    /// What looks for it on such a Xen.
    ///
    /// @param xen a file that holds it
    /// @param qemus the programs that run it, the first all programs and the others what differs
    ErrorFinder on(Path xen, List<String> qemus);
}
