// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.concurrent;

/// A round that no order explains.
///
/// @param seed of the machine: rounds of this seed begin with it
/// @param elements how many were done on the machine by then
/// @param calls how many elements the round has
/// @param part what differs, without numbers, in the order that comes furthest: what is found in
///   the same part is of one kind
/// @param text the round in words
public record Unexplained(long seed, long elements, int calls, String part, String text) {}
