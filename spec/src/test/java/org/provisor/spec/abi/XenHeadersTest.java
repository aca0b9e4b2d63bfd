// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.provisor.spec.abi.Claim.Reading;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Compares every number, offset and size that the package states with Xen's public headers, as gcc
/// reads them for 64-bit and for 32-bit guests.
///
/// The values stand in `xen-4.17.txt` too, so that a machine without gcc or the headers still
/// compares with something; with them, that file is compared as well. The few definitions that are
/// not public are in the file only, unless `-Dxen.source=` names a source tree of Xen.
final class XenHeadersTest {

    private static final String GOLDEN = "xen-4.17.txt";

    @Test
    void packageAgreesWithXensHeaders() throws IOException {
        assumeHeaders();

        var values = compiled(AbiClaims.all());

        assertEquals(List.of(), differences(headerClaims(AbiClaims.all()), values));
    }

    @Test
    void packageAgreesWithTheCheckedInValues() throws IOException {
        assertEquals(List.of(), differences(AbiClaims.all(), golden()));
    }

    @Test
    void packageAgreesWithXensSource() throws IOException {
        assumeHeaders();
        var folder = XenSource.folder();
        assumeTrue(folder.isPresent(), "to run: -Dxen.source=<unpacked Xen 4.17>/xen");

        var values = inSource();

        assertEquals(List.of(), differences(sourceClaims(AbiClaims.all()), values));
    }

    @Test
    void checkedInValuesAreWhatTheHeadersAndTheSourceSay() throws IOException {
        assumeHeaders();

        var values = compiled(AbiClaims.all());

        var written = new TreeMap<>(values);
        written.putAll(
                XenSource.folder().isPresent() ? inSource() : only(golden(), Reading.SOURCE));
        var folder = Path.of("target");
        var target = folder.resolve(GOLDEN);
        if (Files.isDirectory(folder)) {
            Files.write(target, lines(written));
        }
        assertEquals(
                lines(written),
                lines(golden()),
                () -> "the new values are in " + target.toAbsolutePath());
    }

    @Test
    void nothingIsCheckedInThatIsNotClaimed() throws IOException {
        var claimed = new TreeSet<String>();
        AbiClaims.all().forEach(claim -> claimed.add(claim.key()));

        assertEquals(claimed, golden().keySet());
    }

    @Test
    void headersHaveNothingMoreToSay() throws IOException {
        assumeHeaders();
        var words = new TreeSet<String>();
        for (var claim : AbiClaims.all()) {
            words.addAll(List.of(claim.expression().split("\\W+")));
        }
        var unknown = new TreeSet<String>();
        for (var bitness : Bitness.values()) {
            for (var name : CCompiler.macros(bitness)) {
                if (!words.contains(name)
                        && CNames.FAMILIES.stream().anyMatch(name::matches)
                        && CNames.LEFT_OUT.keySet().stream().noneMatch(name::matches)) {
                    unknown.add(name);
                }
            }
        }
        assertEquals(Set.of(), unknown);
    }

    @Test
    void everyNameInTheTablesExists() {
        var names = new TreeSet<String>();
        for (var type : AbiClaims.classes()) {
            names.add(type.getSimpleName());
            for (var field : type.getDeclaredFields()) {
                names.add(type.getSimpleName() + "." + field.getName());
            }
        }
        assertTrue(names.containsAll(CNames.EXPRESSIONS.keySet()));
        CNames.EXCEPTIONS.forEach((name, reason) -> {
            assertTrue(names.contains(name), name);
            assertFalse(reason.isBlank(), name);
        });
    }

    @Test
    void everyWrongClaimIsReported() throws IOException {
        var claims = AbiClaims.all();
        var values = golden();
        for (int i = 0; i < claims.size(); i++) {
            var claim = claims.get(i);
            var wrong = new ArrayList<>(claims);
            wrong.set(
                    i,
                    new Claim(
                            claim.reading(), claim.expression(), claim.java(), claim.value() + 1));
            assertEquals(1, differences(wrong, values).size(), claim.toString());
        }
    }

    @Test
    void aWrongLayoutDisagreesWithTheHeaders() throws IOException {
        assumeHeaders();
        var swapped =
                Layout.of("struct mmu_update", 16, 20)
                        .field("ptr", FieldKind.U64, 8, 0)
                        .field("val", FieldKind.U32, 0, 8);

        var claims = AbiClaims.of(swapped);
        var differences = differences(claims, compiled(claims));

        assertEquals(
                List.of(
                        "struct mmu_update.ptr: 64 offsetof(struct mmu_update, ptr) is 0, not 8",
                        "struct mmu_update.val: 64 offsetof(struct mmu_update, val) is 8, not 0",
                        "struct mmu_update.val: 64 sizeof(((struct mmu_update *)0)->val)"
                                + " is 8, not 4",
                        "struct mmu_update: 32 sizeof(struct mmu_update) is 16, not 20",
                        "struct mmu_update.val: 32 sizeof(((struct mmu_update *)0)->val)"
                                + " is 8, not 4"),
                differences);
    }

    private static void assumeHeaders() {
        var missing = CCompiler.missing();
        assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
    }

    /// What the claims say and the values do not.
    private static List<String> differences(List<Claim> claims, Map<String, Long> values) {
        var differences = new ArrayList<String>();
        for (var claim : claims) {
            var value = values.get(claim.key());
            if (value == null) {
                differences.add(claim.java() + ": no value of " + claim.key());
            } else if (value != claim.value()) {
                differences.add(
                        claim.java()
                                + ": "
                                + claim.key()
                                + " is "
                                + value
                                + ", not "
                                + claim.value());
            }
        }
        return differences;
    }

    private static Map<String, Long> compiled(List<Claim> claims) throws IOException {
        var values = new TreeMap<String, Long>();
        for (var bitness : Bitness.values()) {
            var reading = Reading.of(bitness);
            var some = claims.stream().filter(claim -> claim.reading() == reading).toList();
            values.putAll(evaluate("", some, bitness));
        }
        return values;
    }

    private static Map<String, Long> inSource() throws IOException {
        var definitions = XenSource.definitions(XenSource.folder().orElseThrow());
        return evaluate(definitions, sourceClaims(AbiClaims.all()), Bitness.BITS_64);
    }

    private static Map<String, Long> evaluate(
            String definitions, List<Claim> claims, Bitness bitness) throws IOException {
        var expressions = claims.stream().map(Claim::expression).toList();
        var results = CCompiler.evaluate(definitions, expressions, bitness);
        var values = new TreeMap<String, Long>();
        for (int i = 0; i < claims.size(); i++) {
            values.put(claims.get(i).key(), results.get(i));
        }
        return values;
    }

    private static List<Claim> headerClaims(List<Claim> claims) {
        return claims.stream().filter(claim -> claim.reading() != Reading.SOURCE).toList();
    }

    private static List<Claim> sourceClaims(List<Claim> claims) {
        return claims.stream().filter(claim -> claim.reading() == Reading.SOURCE).toList();
    }

    private static Map<String, Long> only(Map<String, Long> values, Reading reading) {
        var some = new TreeMap<>(values);
        some.keySet().removeIf(key -> !key.startsWith(reading.label + " "));
        return some;
    }

    private static Map<String, Long> golden() throws IOException {
        var values = new TreeMap<String, Long>();
        try (var stream = XenHeadersTest.class.getResourceAsStream(GOLDEN)) {
            if (stream == null) {
                return values;
            }
            var text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            for (var line : text.lines().filter(line -> !line.startsWith("#")).toList()) {
                var equals = line.lastIndexOf(" = ");
                values.put(line.substring(0, equals), Long.parseLong(line.substring(equals + 3)));
            }
        }
        return values;
    }

    private static List<String> lines(Map<String, Long> values) {
        var lines = new ArrayList<String>();
        lines.add("# SPDX-License-Identifier: Apache-2.0");
        lines.add(
                "# What gcc makes of the public headers of Xen 4.17, for 64-bit and 32-bit"
                        + " guests,");
        lines.add("# and of definitions in its source. Written by XenHeadersTest.");
        values.forEach((key, value) -> lines.add(key + " = " + value));
        return lines;
    }
}
