// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.run;

import org.jspecify.annotations.Nullable;
import org.provisor.impl.launch.GuestCalls;
import org.provisor.impl.launch.PvMachine;

import java.util.Locale;

/// Which hypercalls of a guest that runs are judged.
public enum Check {
    /// None.
    OFF,

    /// Some of each number.
    SAMPLED,

    /// Each, and after each what it touched.
    FULL,

    /// Each, and after each every frame.
    EXACT;

    /// As it is written on a command line.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// What is written so, or null.
    public static @Nullable Check of(String word) {
        for (Check check : values()) {
            if (check.word().equals(word)) {
                return check;
            }
        }
        return null;
    }

    /// What judges a machine that has not run yet; null if nothing does.
    public @Nullable CallJudge judge(PvMachine machine) {
        return this == OFF ? null : new CallJudge(machine, this, GuestCalls.DIRECT);
    }
}
