// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.explore;

/// A rule that was broken.
///
/// @param what the name that the world gave it
/// @param count how often it was broken: by a state, once per state; by an action, once per report
/// @param trace a shortest trace to a state or an action that breaks it; of the shortest, the one
///   whose last state has the smallest fingerprint, then the smallest action
public record Violation(String what, long count, Trace trace) {}
