// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

import org.provisor.impl.decode.CodeMode;
import org.provisor.impl.decode.Opcode;
import org.provisor.impl.decode.OpcodeTable;
import org.provisor.impl.decode.Operand;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Which rows of the table a process can try on its processor.
final class RowChoice {

    /// Features that Linux calls otherwise.
    private static final Map<String, String> LINUX_NAMES =
            Map.of("lzcnt", "abm", "lahf", "lahf_lm", "prefetchw", "3dnowprefetch");

    private static final Set<String> TRAPS = Set.of("leave int3", "leave int", "leave int1");

    private RowChoice() {}

    /// How a row is called: its name, operands and encoding.
    static String name(final Opcode row) {
        final String operands =
                row.operands().stream().map(Operand::text).collect(Collectors.joining(","));
        return row.mnemonic()
                + (operands.isEmpty() ? "" : " " + operands)
                + " ("
                + row.encoding().text()
                + ")";
    }

    /// Rows that cannot be tried, and why.
    static Map<Opcode, String> leftOut(final OpcodeTable table, final CodeMode mode) {
        final Set<String> features = HostProcessor.features();
        final Map<Opcode, String> left = new LinkedHashMap<>();
        for (final Opcode row : table.rows()) {
            final String why = why(row, features, mode);
            if (!why.isEmpty()) {
                left.put(row, why);
            }
        }
        return left;
    }

    private static String why(final Opcode row, final Set<String> features, final CodeMode mode) {
        if (mode == CodeMode.BITS_64 ? !row.in64() : !row.in32()) {
            return "not in this mode";
        }
        if (row.meaning().equals("leave unsupported")) {
            return "not carried out by the interpreter";
        }
        if (row.privilege() == 3
                && row.meaning().startsWith("leave ")
                && !TRAPS.contains(row.meaning())) {
            return "left to who runs the engine";
        }
        if (row.meaning().equals("leave int1") && HostProcessor.reportsInt1AtIt()) {
            return "reported where it stands by a hypervisor below this computer's system";
        }
        if (row.meaning().startsWith("segment_base")) {
            return "would take a thread's own data from it";
        }
        if (row.meaning().equals("xgetbv")
                || row.meaning().startsWith("store_table")
                || row.meaning().startsWith("store_register")) {
            return "tells what the operating system has, or is carried out by it";
        }
        if (row.meaning().equals("segment_pointer fs")
                || (row.meaning().equals("segment_pop")
                        && row.operand(0).kind() == Operand.Kind.FS)) {
            return "would take a thread's own data from it";
        }
        final String feature = LINUX_NAMES.getOrDefault(row.feature(), row.feature());
        if (!feature.isEmpty() && !features.contains(feature)) {
            return "this processor does not offer " + feature;
        }
        return "";
    }
}
