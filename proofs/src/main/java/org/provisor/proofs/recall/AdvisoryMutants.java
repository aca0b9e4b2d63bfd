// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.recall;

import org.provisor.proofs.seeded.SeededException;

import java.util.ArrayList;
import java.util.List;

/// The mutants that go with advisories.
public final class AdvisoryMutants {

    private AdvisoryMutants() {}

    /// What the mutants are declared by, see [MutantFile].
    public static String text() {
        return Advisories.resource(MutantFile.FILE);
    }

    /// The mutants of advisories that can be expressed, in the same order.
    ///
    /// @throws SeededException if one has none
    public static List<Mutant> of(List<Advisory> advisories) {
        List<DeclaredMutant> declared = MutantFile.shipped(Implementation.built());
        List<Mutant> mutants = new ArrayList<>();
        for (Advisory advisory : advisories) {
            mutants.add(
                    declared.stream()
                            .filter(mutant -> mutant.name().equals(advisory.id()))
                            .findFirst()
                            .orElseThrow(() ->
                                    new SeededException(
                                            advisory.id()
                                                    + " is expressible and has no"
                                                    + " mutant")));
        }
        return List.copyOf(mutants);
    }
}
