// SPDX-License-Identifier: Apache-2.0
package org.provisor.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What is to be run: every command of every model, with the solvers that have to agree on it.
///
/// @param entries the commands, model by model
public record Manifest(List<Entry> entries) {

    private static final Pattern COMMAND =
            Pattern.compile("(?ms)^(check|run) (\\w+)\\b(.*?)\\bfor ([^{}]*?) expect ([01])\\s*$");

    /// When a command is run.
    public enum Tier {
        /// By every build.
        BUILD,
        /// By the full suite only.
        FULL
    }

    /// A command.
    ///
    /// @param model the name of its file without the suffix
    /// @param command its name
    /// @param scope its scope, as the file says it
    /// @param satisfiable whether there is to be an instance
    /// @param solvers who is asked, by the names that Alloy gives them
    /// @param seconds how long the first took when it was measured
    /// @param tier when it is run
    public record Entry(
            String model,
            String command,
            String scope,
            boolean satisfiable,
            List<String> solvers,
            double seconds,
            Tier tier) {

        public Entry {
            solvers = List.copyOf(solvers);
        }

        /// Its model and its name.
        public String name() {
            return model + "/" + command;
        }
    }

    /// A command as it stands in a file.
    public record Stated(String command, String scope, boolean satisfiable) {}

    public Manifest {
        entries = List.copyOf(entries);
    }

    /// The manifest beside the models.
    public static Manifest shipped() {
        return of(Models.read("manifest.json"));
    }

    /// A manifest by its text.
    ///
    /// @throws IllegalArgumentException if it is none
    public static Manifest of(String text) {
        List<Entry> entries = new ArrayList<>();
        if (!(Json.read(text) instanceof List<?> list)) {
            throw new IllegalArgumentException("a manifest is a list");
        }
        for (Object each : list) {
            if (!(each instanceof Map<?, ?> entry)) {
                throw new IllegalArgumentException("an entry is an object: " + each);
            }
            entries.add(entry(entry));
        }
        return new Manifest(entries);
    }

    private static Entry entry(Map<?, ?> entry) {
        if (entry.get("file") instanceof String file
                && entry.get("command") instanceof String command
                && entry.get("scope") instanceof String scope
                && entry.get("expect") instanceof Double expect
                && entry.get("solvers") instanceof List<?> solvers
                && entry.get("seconds") instanceof Double seconds
                && entry.get("tier") instanceof String tier
                && entry.size() == 7) {
            return new Entry(
                    file.replaceFirst("\\.als$", ""),
                    command,
                    scope,
                    expect == 1,
                    solvers.stream().map(Object::toString).toList(),
                    seconds,
                    tier.equals("build") ? Tier.BUILD : Tier.FULL);
        }
        throw new IllegalArgumentException("no entry: " + entry);
    }

    /// The models, in the order in which they first stand there.
    public List<String> models() {
        return entries.stream().map(Entry::model).distinct().toList();
    }

    /// The commands that stand in the text of a model.
    public static List<Stated> stated(String text) {
        List<Stated> all = new ArrayList<>();
        Matcher found = COMMAND.matcher(text);
        while (found.find()) {
            all.add(new Stated(found.group(2), found.group(4), found.group(5).equals("1")));
        }
        return all;
    }
}
