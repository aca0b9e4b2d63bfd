// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.requirement;

import java.util.List;

/// A clause as its source states it.
///
/// @param id its identifier
/// @param type the class, its packages below `org.provisor.spec` before it: `mm.PageTypes`
/// @param method the method
/// @param file the source, from the module's packages on: `org/provisor/spec/mm/PageTypes.java`
/// @param line where the clause is declared, from 1
/// @param summary the first sentence of its comment, in Markdown, on one line
/// @param more what the comment says beside the summary and the table, a paragraph each
/// @param rows the rows of its decision table, or of both where there are two
/// @param sources what it cites: `@xen ...`, `@sdm ...`
/// @param rules the rules of the reference list that it states
/// @param code the declaration and its body, as it stands
public record ClauseText(
        String id,
        String type,
        String method,
        String file,
        long line,
        String summary,
        List<String> more,
        List<Row> rows,
        List<String> sources,
        List<String> rules,
        String code) {

    public ClauseText {
        more = List.copyOf(more);
        rows = List.copyOf(rows);
        sources = List.copyOf(sources);
        rules = List.copyOf(rules);
    }

    /// A row.
    ///
    /// @param columns the heads of its table's columns, from the one beside the row's name on
    /// @param name its letter
    /// @param cells what stands in each of the columns
    public record Row(List<String> columns, String name, List<String> cells) {

        public Row {
            columns = List.copyOf(columns);
            cells = List.copyOf(cells);
            if (columns.size() != cells.size()) {
                throw new IllegalArgumentException(name + ": " + columns + ", " + cells);
            }
        }
    }

    /// The rows as `clause/row`.
    public List<String> rowNames() {
        return rows.stream().map(row -> id + "/" + row.name()).toList();
    }
}
