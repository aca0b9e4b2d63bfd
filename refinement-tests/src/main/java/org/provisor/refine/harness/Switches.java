// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.harness;

/// Which stimuli reach what is compared with the specification, and how much is compared when. What
/// is switched off is as if programs did not ask for it.
///
/// @param preemption whether calls are preempted
/// @param failures whether requests for several frames fail
/// @param flips whether words change while calls look at them
/// @param poison whether memory that must not be looked at holds a pattern: frames that are free
///   again, and where a call puts what it reads, behind what was read or when nothing could be
/// @param meter whether work is measured
/// @param thorough whether everything is compared after each action, and the invariants asked
public record Switches(
        boolean preemption,
        boolean failures,
        boolean flips,
        boolean poison,
        boolean meter,
        boolean thorough) {

    /// All stimuli; everything is compared at the end.
    public static final Switches ALL = new Switches(true, true, true, true, true, false);

    /// All stimuli, and everything is compared all the time.
    public static final Switches THOROUGH = new Switches(true, true, true, true, true, true);
}
