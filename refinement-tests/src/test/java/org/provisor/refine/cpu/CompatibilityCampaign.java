// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

import org.provisor.impl.interp.Interpreter;

import java.util.function.ToLongFunction;

/// A campaign on some rows in compatibility mode, for classes that are loaded anew: it says in how
/// many ways they differ.
public final class CompatibilityCampaign implements ToLongFunction<String> {

    private static final long SEED = 0x32;
    private static final int SNIPPETS = 20_000;

    @Override
    public long applyAsLong(final String rows) {
        return new CpuFuzz(Interpreter::new)
                .mode(32)
                .seed(SEED)
                .snippets(SNIPPETS)
                .maxDifferences(1)
                .only(rows)
                .run()
                .differences()
                .size();
    }
}
