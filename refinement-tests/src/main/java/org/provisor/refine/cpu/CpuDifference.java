// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

/// A snippet on which the interpreter and the host's processor do not agree.
///
/// @param kind the row and what differs: two of a kind have one cause, as far as one can tell
/// @param text everything that it takes to see it
/// @param seed of the round that found it
/// @param repeats whether it was seen again when it was tried again
/// @param single whether it was shrunk to one instruction
public record CpuDifference(String kind, String text, long seed, boolean repeats, boolean single) {}
