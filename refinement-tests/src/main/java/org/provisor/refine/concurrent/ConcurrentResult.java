// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.concurrent;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/// What rounds of two vCPUs showed.
///
/// @param machines how many machines were started
/// @param rounds how many rounds were played
/// @param elements how many elements were done
/// @param overlapping how many pairs of elements were under way at the same time
/// @param moments how many times something was held for a moment, by the kind of [Moment], so that
///   what was seen is explained
/// @param finding what no order explains; null if there was none
public record ConcurrentResult(
        long machines,
        long rounds,
        long elements,
        long overlapping,
        Map<String, Long> moments,
        @Nullable Unexplained finding) {

    public ConcurrentResult {
        moments = Map.copyOf(moments);
    }
}
