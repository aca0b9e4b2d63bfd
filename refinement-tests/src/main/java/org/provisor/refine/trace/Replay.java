// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.trace;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.harness.Run;
import org.provisor.refine.harness.Subject;
import org.provisor.refine.harness.Verdict;
import org.provisor.refine.program.Action;
import org.provisor.refine.program.Program;
import org.provisor.spec.abi.XenErrno;
import org.provisor.spec.state.Answer;

import java.util.function.Consumer;

/// Runs programs again.
public final class Replay {

    /// What came of one action.
    ///
    /// @param number the action's place in the program, from 1
    /// @param answer how its last attempt ended, as the specification says; null if nothing came of
    ///   it
    public record Step(int number, Action action, Verdict verdict, @Nullable Answer answer) {}

    private Replay() {}

    /// An answer in words.
    public static String text(Answer answer) {
        return switch (answer) {
            case Answer.Returned(long value) -> "returned " + returned(value);
            case Answer.Continued _ -> "preempted, and left at that";
            case Answer.Again _ -> "preempted, and left at that";
            case Answer.Resumed _ -> "done";
            case Answer.PageFault(var address) ->
                    "page fault at 0x" + Long.toHexString(address.value());
            case Answer.ReadFault(var address) ->
                    "page fault of a read at 0x" + Long.toHexString(address.value());
            case Answer.GeneralProtection(int code) ->
                    "general-protection fault, error code 0x" + Integer.toHexString(code);
            case Answer.Entered(var registers, int mask, _) ->
                    "goes on with " + registers + ", mask " + Numbers.text(mask);
            case Answer.Crashed(String why) -> "the domain crashes: " + why;
            case Answer.ShutDown _ -> "the domain shuts down";
            case Answer.CompareFailed(long found) ->
                    "compared, and found 0x" + Long.toHexString(found);
            case Answer.Unspecified(String reason) -> "not specified: " + reason;
            case Answer.NotAllowed(String why) -> "not allowed: " + why;
        };
    }

    private static String returned(long value) {
        for (XenErrno error : XenErrno.values()) {
            if (value == -error.number()) {
                return "-" + error;
            }
        }
        return Numbers.text(value);
    }

    /// Runs a program until there is a difference or it ends, and then compares everything.
    ///
    /// @param watcher is told of each step
    /// @return the first difference, or what the comparison of everything says
    /// @throws IllegalArgumentException if the program's machine cannot be, or it names what is not
    ///   there
    public static Verdict run(Program program, Subject subject, Consumer<Step> watcher) {
        Run run = subject.start(program.world());
        int number = 0;
        for (Action action : program.actions()) {
            number++;
            Verdict verdict = run.perform(action);
            watcher.accept(new Step(number, action, verdict, run.answer()));
            if (verdict instanceof Verdict.Differs) {
                return verdict;
            }
        }
        return run.finish();
    }
}
