// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.evidence;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.ToNumberPolicy;

import org.provisor.proofs.activity.Activities;
import org.provisor.proofs.activity.Activity;
import org.provisor.proofs.activity.Result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Where results are kept until the pack is whole, so that what was interrupted goes on where it
/// was.
///
/// @param directory beside the pack
public record Shelf(Path directory) {

    /// A count stays a count.
    private static final Gson GSON =
            new GsonBuilder().setObjectToNumberStrategy(ToNumberPolicy.LONG_OR_DOUBLE).create();

    /// A result with what it depends on.
    private record Kept(String key, double seconds, Result result) {}

    /// A result and how long it took.
    public record Timed(Result result, double seconds) {}

    /// The result of an activity, if it was kept and depended on the same.
    ///
    /// @param key what it depends on
    public Optional<Timed> result(String activity, String key) throws IOException {
        Path file = file(activity);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            Kept kept = GSON.fromJson(Files.readString(file), Kept.class);
            return kept != null && kept.key().equals(key)
                    ? Optional.of(new Timed(kept.result(), kept.seconds()))
                    : Optional.empty();
        } catch (JsonParseException e) {
            // Half written when it was interrupted: it is run again.
            return Optional.empty();
        }
    }

    /// Keeps a result.
    public void keep(String key, Timed timed) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(
                file(timed.result().activity()),
                GSON.toJson(new Kept(key, timed.seconds(), timed.result())));
    }

    /// Forgets everything.
    public void clear() throws IOException {
        for (Activity each : Activities.all()) {
            Files.deleteIfExists(file(each.name()));
        }
        Files.deleteIfExists(directory);
    }

    private Path file(String activity) {
        return directory.resolve(activity + ".json");
    }
}
