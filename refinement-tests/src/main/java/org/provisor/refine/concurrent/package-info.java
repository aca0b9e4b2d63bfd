// SPDX-License-Identifier: Apache-2.0

/// Two vCPUs at once. Each makes a few calls of one element each on one machine; what they were
/// answered and what they leave must be what the specification says of some order of the elements,
/// each taken whole. What is held for a moment may show in between: see `Moment` and decision 0009.
///
///     ConcurrentRun   rounds on one machine after the other; ConcurrentCampaign many of them
///     DirectedRaces   pairs of calls that meet at each point at which they can; RaceCampaign all
///     Scenes          the states in which they do
///     TwoVcpus        the machine, and the two threads
///     Tlb             what the processors remember, which is checked after each round
///     AnyTime         what is true of every frame at any time
///     Plan            what a vCPU is to do in a round, by chance; Calls what it can do
///     Side            a vCPU doing it
///     Turns           of two threads one runs; chance says which, or at which point
///     SwitchPoints    where in the implementation another's turn can come; TurnTakingClasses loads
///                     it with these in it
///     Element         one thing done, and what was seen of it
///     Round           what was done, and whether it is as it should be
///     Explanation     the search for an order
///     Moments         what is held for a moment, put into the machine and taken out of it
///     Naming          which frames an element has to do with
///     RoundText       what no order explains, in words
@NullMarked
package org.provisor.refine.concurrent;

import org.jspecify.annotations.NullMarked;
