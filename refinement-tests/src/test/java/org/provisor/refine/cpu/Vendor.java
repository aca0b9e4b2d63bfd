// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Whose processor this computer has.
final class Vendor {

    private Vendor() {}

    /// What is done in compatibility mode where processors differ, like how much the push of a
    /// selector stores, has been compared with AMD's only.
    static void needsAmd() throws IOException {
        assumeTrue(
                Files.readString(Path.of("/proc/cpuinfo")).contains("AuthenticAMD"),
                "32-bit code is compared with AMD's processors only");
    }
}
