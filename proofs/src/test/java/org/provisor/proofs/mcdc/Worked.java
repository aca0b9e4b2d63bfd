// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.mcdc;

import java.util.List;

/// Runs decisions that were worked by hand.
public interface Worked {

    /// Evaluates a decision a number of times.
    ///
    /// @param decisions how many the class has
    /// @param name the method it is in
    /// @param inputs like `TFT TTF`
    /// @return what was seen of each decision
    List<int[]> run(int decisions, String name, String inputs);
}
