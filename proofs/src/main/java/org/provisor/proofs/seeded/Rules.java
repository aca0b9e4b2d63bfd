// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.seeded;

import java.util.Map;
import java.util.Optional;

/// The rules of the specification, as they are or with an error in them, to be judged.
///
/// Each set of rules has its own classes. Only what is in this package and in the Java library goes
/// between them.
public interface Rules {

    /// An example that does not come out as it says.
    ///
    /// @param example the row it is about and its title
    /// @param wrong the first thing that is different
    record Wrong(String example, String wrong) {}

    /// What an exploration of a small world found.
    ///
    /// @param ending how it ended, with depth and number of states
    /// @param broken what was broken first, by name, each with the length of its trace
    /// @param trace the first trace, in words; empty if nothing was broken
    record Explored(String ending, Map<String, Integer> broken, String trace) {}

    /// How many examples there are.
    int examples();

    /// What is wrong with each example that does not come out as it says, by example.
    Map<String, String> wrongExamples();

    /// The first example that does not come out as it says, if there is one.
    ///
    /// @param known what is wrong with examples, by example, that does not count
    Optional<Wrong> wrongExample(Map<String, String> known);

    /// How many small worlds there are.
    int worlds();

    /// A small world in words.
    String world(int number);

    /// Explores a small world up to its first violation.
    ///
    /// @param depth how far at most
    /// @param nanos how long at most, about
    Explored explore(int number, int depth, long nanos, int jobs);
}
