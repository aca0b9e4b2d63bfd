// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Compares what [CallingConventionTest] says of arguments with Xen's own prototypes, if
/// `-Dxen.source=` names a source tree.
final class XenPrototypesTest {

    @Test
    void argumentsAreThoseOfXensPrototypes() throws IOException {
        var folder = XenSource.folder();
        assumeTrue(folder.isPresent(), "to run: -Dxen.source=<unpacked Xen 4.17>/xen");
        var lines = Files.readString(folder.get().resolve("include/hypercall-defs.c")).lines();

        var prototypes = prototypes(lines.toList());

        CallingConventionTest.KEPT_64.forEach(
                (call, kept) -> assertEquals(kept, argument(prototypes, call, Bitness.BITS_64)));
        CallingConventionTest.KEPT_32.forEach(
                (call, kept) -> assertEquals(kept, argument(prototypes, call, Bitness.BITS_32)));
    }

    /// One letter an argument, as far as registers of this size have the bits.
    private static String argument(
            Map<String, String> prototypes, Hypercall call, Bitness bitness) {
        var name = call.name().toLowerCase(Locale.ROOT);
        var prefix = prototypes.get(bitness + " " + name);
        var letters = new StringBuilder();
        for (var argument : prototypes.getOrDefault(prefix + "_" + name, "?").split(",", -1)) {
            letters.append(letter(argument.strip(), bitness));
        }
        return letters.toString();
    }

    private static char letter(String argument, Bitness bitness) {
        var type = argument.contains("*") ? "*" : argument.substring(0, argument.lastIndexOf(' '));
        return switch (type) {
            case "domid_t" -> 'd';
            case "int", "unsigned int", "uint32_t" -> 'i';
            case "*", "unsigned long", "uint64_t", "seg_desc_t" ->
                    bitness == Bitness.BITS_64 ? 'l' : 'i';
            default -> throw new AssertionError(argument);
        };
    }

    /// The arguments by `prefix_name`, and the prefix by guest and name.
    private static Map<String, String> prototypes(List<String> lines) {
        var found = new HashMap<String, String>();
        var prefixes = new String[0];
        var inTable = false;
        for (var line : lines) {
            if (line.startsWith("prefix:")) {
                prefixes = line.substring("prefix:".length()).strip().split("\\s+", -1);
            } else if (line.startsWith("table:")) {
                assertEquals("table: pv32 pv64", line.replaceAll("\\s+", " ").substring(0, 16));
                inTable = true;
            } else if (inTable && line.matches("\\w+\\s.*")) {
                var columns = line.split("\\s+", -1);
                found.put(Bitness.BITS_32 + " " + columns[0], columns[1].replaceAll(":.*", ""));
                found.put(Bitness.BITS_64 + " " + columns[0], columns[2].replaceAll(":.*", ""));
            } else if (line.matches("\\w+\\(.*\\)")) {
                for (var prefix : prefixes) {
                    var name = prefix.replace("PREFIX_", "") + "_" + line.replaceAll("\\(.*", "");
                    found.put(name, line.replaceAll(".*\\(|\\)", ""));
                }
            }
        }
        return found;
    }
}
