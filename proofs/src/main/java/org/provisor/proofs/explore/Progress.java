// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.explore;

/// How far an exploration has come. Reported between batches, about once a second.
///
/// @param states states found
/// @param transitions transitions taken
/// @param transitionsPerSecond transitions per second since the last report
/// @param frontier states found but not yet expanded
/// @param depth the level being expanded; initial states are level 0
/// @param memoryBytes bytes of memory in use: visited set, buffers, and the log unless in a file
/// @param nanos time spent, in nanoseconds, earlier runs of the same exploration included
public record Progress(
        long states,
        long transitions,
        double transitionsPerSecond,
        long frontier,
        int depth,
        long memoryBytes,
        long nanos) {}
