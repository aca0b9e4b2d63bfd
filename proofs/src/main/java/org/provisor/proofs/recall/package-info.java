// SPDX-License-Identifier: Apache-2.0

/// Errors that Xen really had, put into the implementation again, to see that the campaign finds them.
///
/// Each is declared in a few lines and put in when classes are loaded; there is nothing of it in the
/// implementation. The campaign is the same for all, and knows none of them.
///
///     Advisories, Advisory      what Xen had, and what of it can be had here
///     Mutant                    a changed implementation: what others implement
///     MutantFile, Change, Edit  mutants declared as text
///     MutantPath                mutants that a user names by path
///     MutantClasses             from a mutant to classes
///     RecallJudge               one mutant, one campaign
@NullMarked
package org.provisor.proofs.recall;

import org.jspecify.annotations.NullMarked;
