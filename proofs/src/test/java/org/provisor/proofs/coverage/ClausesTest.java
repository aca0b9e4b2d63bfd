// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.coverage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.StringEntry;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

final class ClausesTest {

    private static final Pattern ROW = Pattern.compile("[a-z0-9]+(\\.[a-z0-9-]+)+/[a-z]");

    @Test
    void rowsInTheCodeAreTheDeclaredOnes() {
        final Set<String> declared = new TreeSet<>();
        for (final Clauses.Stated clause : Clauses.all()) {
            clause.rows().forEach(row -> declared.add(clause.id() + "/" + row));
        }
        assertTrue(declared.size() > 200, "only " + declared.size() + " rows");
        assertEquals(declared, literals());
    }

    /// The strings in the bytecode of the rules that look like rows. Examples name rows too.
    private static Set<String> literals() {
        final Set<String> found = new TreeSet<>();
        Clauses.classFiles()
                .forEach((name, bytes) -> {
                    if (!name.startsWith("org.provisor.spec.example.")) {
                        for (final PoolEntry entry : ClassFile.of().parse(bytes).constantPool()) {
                            if (entry instanceof StringEntry string
                                    && ROW.matcher(string.stringValue()).matches()) {
                                found.add(string.stringValue());
                            }
                        }
                    }
                });
        return found;
    }

    @Test
    void everyClauseIsFoundOnce() {
        final List<String> ids = Clauses.all().stream().map(Clauses.Stated::id).toList();
        assertEquals(List.copyOf(new TreeSet<>(ids)), ids);
        assertTrue(ids.contains("mm.page-type.get"));
        assertTrue(ids.contains("invariant.conservation"));
    }
}
