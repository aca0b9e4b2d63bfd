// SPDX-License-Identifier: Apache-2.0

/// Work on several machines: units of work, each with a number, are leased to members, and their
/// answers taken in the order of the numbers, each once.
///
/// ```text
///   CampaignRounds   RecallRows   explore.Exploration    what a unit is, and what comes of all
///          \             |             /
///                     Leases                             who has which unit; each taken once
///                        |
///                    Transport                           Hazelcast, or threads of this process
///                        |
///                    Workplace                           does a unit, on whatever machine
/// ```
///
/// An answer depends on its request only. So which members there are, and which of them leave, does
/// not show in what comes of it.
@NullMarked
package org.provisor.proofs.members;

import org.jspecify.annotations.NullMarked;
