// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.bench;

/// A batch as it was measured.
///
/// @param kernel which kernel's
/// @param operations how many operations were done
/// @param hostNanos from the line that says that it begins to the line that says that it ends, as
///   the host saw them
/// @param guestNanos how long it took by the guest's clock
public record Batch(String kernel, long operations, long hostNanos, long guestNanos) {}
