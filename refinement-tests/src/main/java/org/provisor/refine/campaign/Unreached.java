// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.campaign;

import org.provisor.refine.program.NamedProfile;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;

/// Rows that no campaign is expected to reach, each with the reason.
public final class Unreached {

    private static final String FILE = "unreached.txt";
    private static final String ON_XEN = "unreached-xen.txt";
    private static final String LINEAR = "mm.linear.get/";

    private Unreached() {}

    /// The rows that are listed with the program: `clause/row` to reason.
    public static SortedMap<String, String> listed() {
        return read(FILE);
    }

    /// The same for a real Xen, which has one domain and is preempted when it likes.
    public static SortedMap<String, String> onXen() {
        SortedMap<String, String> all = listed();
        all.putAll(read(ON_XEN));
        return all;
    }

    /// The same for a real Xen in a profile: without linear tables one row refuses them, and
    /// decides instead of the others.
    public static SortedMap<String, String> onXen(NamedProfile profile) {
        SortedMap<String, String> all = onXen();
        if (!profile.rules().linearTables()) {
            all.remove(LINEAR + "a");
            for (char row = 'b'; row <= 'h'; row++) {
                all.put(LINEAR + row, "linear tables are switched off in this profile");
            }
        }
        return all;
    }

    private static SortedMap<String, String> read(String name) {
        try (InputStream in = Unreached.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing");
            }
            return of(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SortedMap<String, String> of(String name, String text) {
        SortedMap<String, String> reasons = new TreeMap<>();
        for (String line : text.lines().map(String::strip).toList()) {
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String[] parts = line.split("\\s+", 2);
            if (parts.length < 2 || reasons.put(parts[0], parts[1]) != null) {
                throw new IllegalStateException(name + ": no reason, or twice: " + line);
            }
        }
        return reasons;
    }
}
