// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.decode;

import org.provisor.impl.cpu.Rflags;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The table of all instructions, `opcodes.txt`. Its head says how to read it.
public final class OpcodeTable {

    private static final String RESOURCE = "opcodes.txt";
    private static final int COLUMNS = 13;
    private static final Set<String> ATTRIBUTES =
            Set.of(
                    "lock",
                    "count",
                    "rep",
                    "repz",
                    "d64",
                    "f64",
                    "osize",
                    "unaligned",
                    "approximate");

    private static final OpcodeTable STANDARD = read();

    private final List<Opcode> rows;

    private OpcodeTable(final List<Opcode> rows) {
        this.rows = List.copyOf(rows);
    }

    /// The table.
    public static OpcodeTable standard() {
        return STANDARD;
    }

    /// A table in the same form.
    ///
    /// @throws IllegalArgumentException if it is not; says which line
    public static OpcodeTable parse(final List<String> lines) {
        final List<Opcode> rows = new ArrayList<>();
        int number = 0;
        for (final String line : lines) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            try {
                rows.add(row(rows.size(), line));
            } catch (final IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        RESOURCE + ", line " + number + ": " + e.getMessage(), e);
            }
        }
        return new OpcodeTable(rows);
    }

    public List<Opcode> rows() {
        return rows;
    }

    public Opcode row(final int index) {
        return rows.get(index);
    }

    private static OpcodeTable read() {
        try (InputStream in = OpcodeTable.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is missing");
            }
            return parse(
                    new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                            .lines()
                            .toList());
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Opcode row(final int index, final String line) {
        final String[] cells = line.split("\\|", -1);
        if (cells.length != COLUMNS) {
            throw new IllegalArgumentException(cells.length + " columns instead of " + COLUMNS);
        }
        for (int i = 0; i < COLUMNS; i++) {
            cells[i] = cells[i].strip();
            if (cells[i].isEmpty()) {
                throw new IllegalArgumentException("an empty column; - stands for nothing");
            }
        }
        final Set<String> attributes = attributes(cells[4]);
        return new Opcode(
                index,
                cells[0],
                Encoding.parse(cells[1]),
                operands(cells[2]),
                mode(cells[3], "64"),
                mode(cells[3], "32"),
                attributes.contains("lock"),
                attributes.contains("rep")
                        ? Opcode.Repeat.COUNT
                        : attributes.contains("repz")
                                ? Opcode.Repeat.COUNT_AND_ZERO
                                : Opcode.Repeat.NONE,
                attributes.contains("d64")
                        ? Opcode.OperandSize.STACK
                        : attributes.contains("f64")
                                ? Opcode.OperandSize.NEAR_BRANCH
                                : Opcode.OperandSize.ORDINARY,
                attributes.contains("osize"),
                attributes.contains("count"),
                attributes.contains("unaligned"),
                attributes.contains("approximate"),
                flags(cells[5]),
                flags(cells[6]),
                flags(cells[7]),
                Opcode.Block.valueOf(cells[8].toUpperCase(Locale.ROOT)),
                Integer.parseInt(cells[9]),
                cells[10].equals("-") ? "" : cells[10],
                cells[11],
                cells[12]);
    }

    private static Set<String> attributes(final String cell) {
        final Set<String> attributes = cell.equals("-") ? Set.of() : Set.of(cell.split(" "));
        if (!ATTRIBUTES.containsAll(attributes)) {
            throw new IllegalArgumentException("attributes are " + ATTRIBUTES + ", not " + cell);
        }
        return attributes;
    }

    private static boolean mode(final String cell, final String mode) {
        return switch (cell) {
            case "*" -> true;
            case "32", "64" -> cell.equals(mode);
            default -> throw new IllegalArgumentException("a mode is *, 32 or 64, not " + cell);
        };
    }

    private static List<Operand> operands(final String cell) {
        final List<Operand> operands = new ArrayList<>();
        if (!cell.equals("-")) {
            for (final String text : cell.split(",")) {
                operands.add(Operand.parse(text));
            }
        }
        return operands;
    }

    private static int flags(final String cell) {
        int flags = 0;
        if (!cell.equals("-")) {
            for (int i = 0; i < cell.length(); i++) {
                flags |=
                        switch (cell.charAt(i)) {
                            case 'o' -> Rflags.OF;
                            case 's' -> Rflags.SF;
                            case 'z' -> Rflags.ZF;
                            case 'a' -> Rflags.AF;
                            case 'p' -> Rflags.PF;
                            case 'c' -> Rflags.CF;
                            case 'd' -> Rflags.DF;
                            case 'i' -> Rflags.IF;
                            default -> throw new IllegalArgumentException("no flags are " + cell);
                        };
            }
        }
        return flags;
    }
}
