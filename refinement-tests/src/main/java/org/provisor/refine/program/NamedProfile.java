// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.program;

import org.provisor.spec.state.Profile;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A profile of the specification that a Xen can be started in, and the implementation configured
/// like.
///
/// @xen docs/misc/xen-command-line.pandoc, pv-linear-pt
public enum NamedProfile {
    /// Debian's Xen 4.17 as it starts by itself.
    XEN_4_17("4.17", true, "", "Debian's Xen 4.17 as it starts by itself"),
    /// The same Xen told to refuse entries that lead to tables of their own level.
    WITHOUT_LINEAR_TABLES(
            "4.17-no-linear-pt",
            false,
            "pv-linear-pt=false",
            "the same Xen started with pv-linear-pt=false");

    private final String text;
    private final boolean linearTables;
    private final String options;
    private final String meaning;

    NamedProfile(String text, boolean linearTables, String options, String meaning) {
        this.text = text;
        this.linearTables = linearTables;
        this.options = options;
        this.meaning = meaning;
    }

    /// The profile of a name, as [#toString()] gives it.
    public static Optional<NamedProfile> named(String name) {
        return Arrays.stream(values()).filter(each -> each.text.equals(name)).findFirst();
    }

    /// The names there are.
    public static List<String> names() {
        return Arrays.stream(values()).map(NamedProfile::toString).toList();
    }

    /// What the specification knows of it.
    public Profile rules() {
        return linearTables ? Profile.XEN_4_17 : Profile.XEN_4_17.withoutLinearTables();
    }

    /// What Xen is told on its command line; empty if nothing.
    public String options() {
        return options;
    }

    /// What it is, in words.
    public String meaning() {
        return meaning;
    }

    /// The same machine in this profile.
    public World in(World world) {
        return new World(
                world.frames(),
                world.deviceFrames(),
                linearTables,
                world.processors(),
                world.domains(),
                world.heavy());
    }

    @Override
    public String toString() {
        return text;
    }
}
