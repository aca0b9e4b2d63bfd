// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How long to explore, as the command line says it.
final class ExploreTime {

    private static final Pattern TIME = Pattern.compile("([0-9]{1,6})(s|m|h)");

    private ExploreTime() {}

    /// The nanoseconds of a time like `90s`, `2m` or `1h`.
    static long nanos(String time) {
        Matcher matcher = TIME.matcher(time);
        if (!matcher.matches()) {
            throw new BadInput("--budget must be like 90s, 2m or 1h, not " + time);
        }
        TimeUnit unit =
                switch (matcher.group(2)) {
                    case "s" -> TimeUnit.SECONDS;
                    case "m" -> TimeUnit.MINUTES;
                    default -> TimeUnit.HOURS;
                };
        return unit.toNanos(Long.parseLong(matcher.group(1)));
    }
}
