// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.campaign;

/// How far a campaign has come.
///
/// @param steps compared so far
/// @param calls made so far
/// @param programs played so far
/// @param rows how many rows have decided, after the last round that has ended
/// @param differences found so far, each kind once
/// @param nanos since it began
public record Progress(
        long steps, long calls, long programs, int rows, int differences, long nanos) {

    public double stepsPerSecond() {
        return nanos == 0 ? 0 : steps * 1e9 / nanos;
    }
}
