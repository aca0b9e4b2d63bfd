// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.evidence;

import org.provisor.model.Json;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What the program is made of, in CycloneDX 1.6: each library with its digest and licence.
final class Sbom {

    private static final Pattern NAME = Pattern.compile("(.+?)-(\\d[\\w.\\-]*)\\.jar");

    /// Licences by artifact, as each library's own documents say.
    private static final Map<String, String> LICENCES =
            Map.ofEntries(
                    Map.entry("gson", "Apache-2.0"),
                    Map.entry("jspecify", "Apache-2.0"),
                    Map.entry("org.alloytools.alloy.dist", "Apache-2.0"),
                    Map.entry("picocli", "Apache-2.0"),
                    Map.entry("vavr", "Apache-2.0"),
                    Map.entry("vavr-match", "Apache-2.0"),
                    Map.entry("asm", "BSD-3-Clause"),
                    Map.entry("asm-analysis", "BSD-3-Clause"),
                    Map.entry("asm-tree", "BSD-3-Clause"),
                    Map.entry("asm-util", "BSD-3-Clause"),
                    Map.entry("asm-commons", "BSD-3-Clause"),
                    Map.entry("commonmark", "BSD-2-Clause"),
                    Map.entry("commons-io", "Apache-2.0"),
                    Map.entry("hazelcast", "Apache-2.0"),
                    Map.entry("hppc", "Apache-2.0"),
                    Map.entry("joda-time", "Apache-2.0"),
                    Map.entry("jzlib", "BSD-3-Clause"),
                    Map.entry("rhino", "MPL-2.0"),
                    Map.entry("smtinterpol", "LGPL-3.0-or-later"),
                    Map.entry("turnkey-support", "ISC"),
                    Map.entry("z3-turnkey", "MIT"));

    private Sbom() {}

    /// @param built the directory with the program and its libraries below `lib`
    static String of(Path built, Identity identity) throws IOException {
        List<Path> jars = new ArrayList<>();
        if (Files.isDirectory(built.resolve("lib"))) {
            try (Stream<Path> files = Files.list(built.resolve("lib"))) {
                files.filter(file -> file.toString().endsWith(".jar")).sorted().forEach(jars::add);
            }
        }
        List<Object> components = new ArrayList<>();
        for (Path jar : jars) {
            components.add(component(jar));
        }
        Object subject =
                Ordered.map()
                        .put("type", "application")
                        .put("name", "provisor")
                        .put("version", identity.version())
                        .done();
        return Json.write(
                Ordered.map()
                        .put("bomFormat", "CycloneDX")
                        .put("specVersion", "1.6")
                        .put("version", 1)
                        .put("metadata", Map.of("component", subject))
                        .put("components", components)
                        .done());
    }

    private static Object component(Path jar) throws IOException {
        Matcher matcher = NAME.matcher(jar.getFileName().toString());
        boolean named = matcher.matches();
        String name = named ? matcher.group(1) : jar.getFileName().toString();
        String version = named ? matcher.group(2) : "unknown";
        String group = group(jar, name);
        boolean own = group.equals("org.provisor");
        String licence = own ? "Apache-2.0" : licence(name);
        Ordered component =
                Ordered.map()
                        .put("type", "library")
                        .put("bom-ref", name + "@" + version)
                        .put("group", group)
                        .put("name", name)
                        .put("version", version)
                        .put(
                                "hashes",
                                List.of(
                                        new TreeMap<>(
                                                Map.of(
                                                        "alg",
                                                        "SHA-256",
                                                        "content",
                                                        Digests.of(jar)))));
        if (!licence.isEmpty()) {
            component.put("licenses", List.of(Map.of("license", Map.of("id", licence))));
        }
        if (!group.isEmpty()) {
            component.put("purl", "pkg:maven/" + group + "/" + name + "@" + version);
        }
        return component.done();
    }

    /// Nothing if it is not known. TeaVM's parts are alike but for the libraries that it renames.
    private static String licence(String name) {
        String original = name.replace("teavm-relocated-libs-", "");
        return LICENCES.getOrDefault(original, original.startsWith("teavm-") ? "Apache-2.0" : "");
    }

    /// The group that a JAR says it is of, or nothing.
    private static String group(Path jar, String name) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            List<JarEntry> found =
                    file.stream()
                            .filter(entry ->
                                    entry.getName().endsWith("/" + name + "/pom.properties"))
                            .toList();
            if (found.isEmpty()) {
                return "";
            }
            Properties said = new Properties();
            try (InputStream in = file.getInputStream(found.getFirst())) {
                said.load(in);
            }
            return said.getProperty("groupId", "");
        }
    }
}
