// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/// A table as a file of comma-separated values. Each row is in the file as soon as it is added.
final class CsvFile implements AutoCloseable {

    private final PrintWriter to;

    private CsvFile(PrintWriter to) {
        this.to = to;
    }

    /// Begins a table, in place of what was in the file.
    static CsvFile create(Path file, String... columns) {
        CsvFile table;
        try {
            table = new CsvFile(new PrintWriter(Files.newBufferedWriter(file)));
        } catch (IOException e) {
            throw new BadInput("cannot write " + file);
        }
        table.row(columns);
        return table;
    }

    /// Adds a row.
    void row(String... values) {
        String line = Arrays.stream(values).map(CsvFile::quoted).collect(Collectors.joining(","));
        to.print(line + "\n");
        to.flush();
        if (to.checkError()) {
            throw new BadInput("cannot write the table to its end");
        }
    }

    private static String quoted(String value) {
        return value.matches("[^\",\\v]*") ? value : '"' + value.replace("\"", "\"\"") + '"';
    }

    @Override
    public void close() {
        to.close();
    }
}
