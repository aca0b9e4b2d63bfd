// SPDX-License-Identifier: Apache-2.0

/// Errors put into the specification and the implementation on purpose, to see that they are found.
///
/// A check that cannot fail is a defect. Each error is a change of one source; it is compiled with the
/// error in memory and loaded beside the module as it is. Rules are judged by the worked examples and
/// by exploration of small worlds, the implementation by a campaign that compares it with the rules.
/// A campaign that compares them with a real Xen judges rules too.
/// An error that nothing finds is a hole in what judges.
///
///     Target, SourceTree             what errors are put into, and where its sources are
///     ErrorFile, SeededError         what errors there are
///     SeededCompiler, SeededLoader   from a source with an error to classes
///     RuleJudge, CampaignJudge       what finds an error
@NullMarked
package org.provisor.proofs.seeded;

import org.jspecify.annotations.NullMarked;
