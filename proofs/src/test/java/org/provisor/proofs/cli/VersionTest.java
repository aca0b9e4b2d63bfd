// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.util.Properties;

final class VersionTest {

    @Test
    void whatTheBuildRecordedIsRead() {
        assertEquals(new Version("1.2.3", "0123abcd-dirty"), read("1.2.3", "0123abcd-dirty"));
    }

    @Test
    void whatTheBuildDidNotKnowIsUnknown() {
        assertEquals(new Version("1.2.3", "unknown"), read("1.2.3", ""));
        assertEquals(
                new Version("unknown", "unknown"),
                read("${project.version}", "${provisor.commit}"));
        assertEquals(new Version("unknown", "unknown"), Version.of(new Properties()));
    }

    private static Version read(String version, String commit) {
        Properties recorded = new Properties();
        recorded.setProperty("version", version);
        recorded.setProperty("commit", commit);
        return Version.of(recorded);
    }
}
