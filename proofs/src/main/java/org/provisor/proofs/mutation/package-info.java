// SPDX-License-Identifier: Apache-2.0

/// Small errors put into every rule of the specification, to see that something finds each.
///
///     Operator, Alternatives, GuardPair   what is done to a place in the code
///     Weaver                              all mutants in the rules at once, to be switched on
///     MutatedRules                        the rules with their mutants, and what judges them
///     MutationJudge                       each mutant judged, and what came of it
///     BranchCheck                         which branches of the rules were seen to go both ways
///     Reasons                             mutants that are no errors, branches that go one way
@NullMarked
package org.provisor.proofs.mutation;

import org.jspecify.annotations.NullMarked;
