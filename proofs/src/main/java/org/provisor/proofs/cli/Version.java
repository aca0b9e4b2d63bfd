// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import picocli.CommandLine.IVersionProvider;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/// Which Provisor this is, as the build recorded it.
///
/// @param version the version of the build
/// @param commit the abbreviated commit, with `-dirty` when sources differed from it, or `unknown`
public record Version(String version, String commit) {

    static final String UNKNOWN = "unknown";

    /// The version of the running program.
    public static Version current() {
        try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
            Properties recorded = new Properties();
            if (in != null) {
                recorded.load(in);
            }
            return of(recorded);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Version of(Properties recorded) {
        return new Version(value(recorded, "version"), value(recorded, "commit"));
    }

    /// A value that is absent, empty, or was never filled in by the build is unknown.
    private static String value(Properties recorded, String key) {
        String value = recorded.getProperty(key, "").strip();
        return value.isEmpty() || value.startsWith("${") ? UNKNOWN : value;
    }

    /// For `--version`.
    static final class Provider implements IVersionProvider {

        @Override
        public String[] getVersion() {
            Version current = current();
            return new String[] {
                "provisor " + current.version() + " (commit " + current.commit() + ")"
            };
        }
    }
}
