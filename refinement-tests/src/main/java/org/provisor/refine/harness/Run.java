// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.harness;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.program.Action;
import org.provisor.refine.program.CallMemory;
import org.provisor.refine.program.FrameNumbers;
import org.provisor.refine.program.Operand;
import org.provisor.spec.state.Answer;
import org.provisor.spec.state.Machine;

/// A program under way, on the specification and on what is compared with it.
public interface Run {

    /// The machine as the specification says it is now.
    Machine machine();

    FrameNumbers numbers();

    /// The words of a frame now, whatever it is used for.
    long word(long frame, int slot);

    /// A word of the memory that a domain hands to calls.
    long callWord(int domain, long linear);

    /// Does one thing and compares all that it touched.
    Verdict perform(Action action);

    /// The frames from which those who make programs up choose; all of the machine's if null. They
    /// do not change.
    default int @Nullable [] choosable() {
        return null;
    }

    /// What every root that a kernel is to run on has to have in slot [CallMemory#ROOT_SLOT]; null
    /// if nothing.
    default @Nullable Operand rootEntry() {
        return null;
    }

    /// Compares everything, after the last.
    Verdict finish();

    /// How the last attempt of the last thing done ended, as the specification says; null if
    /// nothing came of it.
    default @Nullable Answer answer() {
        return null;
    }
}
