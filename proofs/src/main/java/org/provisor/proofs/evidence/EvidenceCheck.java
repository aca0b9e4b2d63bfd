// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.evidence;

import org.jspecify.annotations.Nullable;
import org.provisor.model.Json;
import org.provisor.proofs.activity.Result;
import org.provisor.proofs.activity.Result.Verdict;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Whether a pack is as it was written: each file, the list of them, the statement about the list.
public final class EvidenceCheck {

    private static final Set<String> APART =
            Set.of(Pack.MANIFEST, Pack.STATEMENT, Pack.TIMES, Pack.TIMES_DIGEST);

    private final Path directory;
    private final List<String> wrong = new ArrayList<>();

    private EvidenceCheck(Path directory) {
        this.directory = directory;
    }

    /// What is wrong with a pack, a line each; nothing if it is as it was written.
    ///
    /// @param key whose signature it has to have; none if it need not be signed
    public static List<String> wrong(Path directory, @Nullable PublicKey key) throws IOException {
        EvidenceCheck check = new EvidenceCheck(directory);
        for (String name : APART) {
            if (!Files.isRegularFile(directory.resolve(name))) {
                check.wrong.add(name + " is missing");
            }
        }
        if (check.wrong.isEmpty()) {
            check.files();
            check.times();
            check.statement(key);
        }
        return check.wrong;
    }

    private void files() throws IOException {
        SortedMap<String, String> found = Digests.below(directory);
        found.keySet().removeAll(APART);
        byte[] listed = Files.readAllBytes(directory.resolve(Pack.MANIFEST));
        if (Arrays.equals(listed, Digests.text(found).getBytes(StandardCharsets.UTF_8))) {
            return;
        }
        int before = wrong.size();
        Map<String, String> said = new HashMap<>();
        for (String line : new String(listed, StandardCharsets.UTF_8).split("\n")) {
            String[] parts = line.split("  ", 2);
            if (parts.length == 2) {
                said.put(parts[1], parts[0]);
            }
        }
        found.forEach((path, digest) -> {
            if (!said.containsKey(path)) {
                wrong.add(path + " is not in " + Pack.MANIFEST);
            } else if (!digest.equals(said.get(path))) {
                wrong.add(path + " was changed");
            }
        });
        for (String path : said.keySet()) {
            if (!found.containsKey(path)) {
                wrong.add(path + " is missing");
            }
        }
        if (wrong.size() == before) {
            wrong.add(Pack.MANIFEST + " was changed");
        }
    }

    private void times() throws IOException {
        String digest = Digests.of(directory.resolve(Pack.TIMES));
        byte[] said = Files.readAllBytes(directory.resolve(Pack.TIMES_DIGEST));
        byte[] right = Digests.text(Map.of(Pack.TIMES, digest)).getBytes(StandardCharsets.UTF_8);
        if (!Arrays.equals(said, right)) {
            wrong.add(Pack.TIMES + " or " + Pack.TIMES_DIGEST + " was changed");
        }
    }

    private void statement(@Nullable PublicKey key) throws IOException {
        byte[] manifest = Files.readAllBytes(directory.resolve(Pack.MANIFEST));
        String payload;
        try {
            payload = Statement.payload(manifest, identity(directory), verdicts(directory));
        } catch (IllegalArgumentException e) {
            wrong.add(Pack.STATEMENT + " cannot be checked: " + e.getMessage());
            return;
        }
        byte[] bytes = Files.readAllBytes(directory.resolve(Pack.STATEMENT));
        String text = new String(bytes, StandardCharsets.UTF_8);
        String complaint =
                Arrays.equals(bytes, text.getBytes(StandardCharsets.UTF_8))
                        ? Statement.wrong(text, payload, key)
                        : "is no text";
        if (!complaint.isEmpty()) {
            wrong.add(Pack.STATEMENT + " " + complaint);
        }
    }

    /// Which build a pack is of.
    ///
    /// @throws IllegalArgumentException if it does not say
    public static Identity identity(Path directory) throws IOException {
        Map<?, ?> said = object(directory.resolve(Pack.CONFIGURATION));
        if (said.get("version") instanceof String version
                && said.get("commit") instanceof String commit) {
            return new Identity(version, commit);
        }
        throw new IllegalArgumentException(Pack.CONFIGURATION + " says no version");
    }

    /// The sources that a pack was made from: the digest of each by its path.
    public static Map<String, String> sources(Path directory) throws IOException {
        Map<String, String> sources = new TreeMap<>();
        if (object(directory.resolve(Pack.CONFIGURATION)).get("sources") instanceof Map<?, ?> all) {
            all.forEach((path, digest) -> sources.put(path.toString(), digest.toString()));
        }
        return sources;
    }

    /// The results of a pack: name, verdict and summary, in the order of its claims.
    ///
    /// @throws IllegalArgumentException if it has no such
    public static List<Result> verdicts(Path directory) throws IOException {
        List<Result> results = new ArrayList<>();
        Path file = directory.resolve("claims.json");
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("claims.json is missing");
        }
        Object claims = Json.read(text(file));
        if (claims instanceof List<?> list) {
            for (Object claim : list) {
                if (claim instanceof Map<?, ?> map
                        && map.get("claim") instanceof String name
                        && name.matches("[a-z-]+")) {
                    results.add(result(directory.resolve(Pack.RESULTS + name + ".json")));
                }
            }
        }
        return results;
    }

    private static Result result(Path file) throws IOException {
        Map<?, ?> said = object(file);
        if (said.get("activity") instanceof String activity
                && said.get("verdict") instanceof String verdict
                && said.get("summary") instanceof String summary) {
            return new Result(
                    activity, Verdict.valueOf(verdict), summary, Map.of(), List.of(), Map.of());
        }
        throw new IllegalArgumentException(file.getFileName() + " is no result");
    }

    private static Map<?, ?> object(Path file) throws IOException {
        if (Files.isRegularFile(file) && Json.read(text(file)) instanceof Map<?, ?> map) {
            return map;
        }
        throw new IllegalArgumentException(file.getFileName() + " is no JSON object");
    }

    /// What is no UTF-8 becomes something else, which is noticed too.
    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}
