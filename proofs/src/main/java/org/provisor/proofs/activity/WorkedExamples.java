// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.activity;

import org.provisor.proofs.activity.Result.Case;
import org.provisor.proofs.seeded.loaded.ExampleCheck;
import org.provisor.spec.example.Example;
import org.provisor.spec.example.Examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Every worked example is run.
final class WorkedExamples implements Activity {

    private final Iterable<Example> examples;

    WorkedExamples() {
        this(Examples.all());
    }

    /// @param examples what is run
    WorkedExamples(Iterable<Example> examples) {
        this.examples = examples;
    }

    @Override
    public String name() {
        return "examples";
    }

    @Override
    public String claim() {
        return "Every worked example comes out as it says, with all that changes and nothing else.";
    }

    @Override
    public String command(Settings settings) {
        return "certify --claim examples";
    }

    @Override
    public Result run(Settings settings, Consumer<String> progress) {
        List<Case> cases = new ArrayList<>();
        Map<String, Long> rows = new TreeMap<>();
        for (Example example : examples) {
            String wrong = ExampleCheck.wrong(example).getOrElse("");
            cases.add(new Case(example.row() + ": " + example.title(), wrong.isEmpty(), wrong));
            if (wrong.isEmpty()) {
                example.outcome().rows().forEach(row -> rows.merge(row, 1L, Long::sum));
            }
        }
        return Result.of(
                        this,
                        String.format("%,d worked examples, %,d rows", cases.size(), rows.size()),
                        Map.of("examples", cases.size(), "rows", rows.size()),
                        cases)
                .withRows(rows);
    }
}
