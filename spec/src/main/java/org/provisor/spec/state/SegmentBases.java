// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.state;

/// Bases of segments of a vCPU. The base of GS is another in either mode.
public record SegmentBases(long fs, long gsKernel, long gsUser) {

    /// All 0.
    public static final SegmentBases NONE = new SegmentBases(0, 0, 0);
}
