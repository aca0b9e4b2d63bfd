// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.state;

import io.vavr.collection.List;

import org.provisor.spec.abi.Invocation;
import org.provisor.spec.abi.XenErrno;
import org.provisor.spec.notation.Result;

/// A finished call: the machine after it, what the caller sees, and what is owed. Lists are in the
/// order in which things happened.
///
/// @param machine the machine after the call
/// @param answer what the caller's registers say
/// @param rows the rows that decided, as `clause/row`
/// @param flushes what the caches of translations are owed
/// @param stores changes to contents of frames
/// @param replies values written into the caller's memory
/// @param patience how many more preemption checks would have answered no
public record Outcome(
        Machine machine,
        Answer answer,
        List<String> rows,
        List<Flush> flushes,
        List<Store> stores,
        List<Reply> replies,
        int patience) {

    /// The call returns this value.
    public static Outcome returning(Step last, long value) {
        return of(last, new Answer.Returned(value));
    }

    /// The call returns an error.
    public static Outcome refusing(Step last, XenErrno why) {
        return of(last, new Answer.Returned(-why.number()));
    }

    /// The call is to be made again.
    public static Outcome continuing(Step last, Invocation call) {
        return of(last, new Answer.Continued(call));
    }

    /// The call returns what its last rule ended with: zero, an error, or what the specification
    /// does not say. Preemption has no value of its own: the caller of this must have dealt with
    /// it.
    public static Outcome returning(Step last) {
        return switch (last.result()) {
            case Result.Ok _ -> returning(last, 0);
            case Result.Refused(XenErrno why) -> refusing(last, why);
            case Result.Unspecified(String reason) -> of(last, new Answer.Unspecified(reason));
            case Result.NotAllowed(String why) -> of(last, new Answer.NotAllowed(why));
            case Result.Preempted _ ->
                    throw new IllegalStateException("a preempted step has no value to return");
        };
    }

    /// What was asked for is to be asked for again.
    public static Outcome again(Step last) {
        return of(last, Answer.AGAIN);
    }

    /// The end of a step with this answer.
    public static Outcome of(Step last, Answer answer) {
        return new Outcome(
                last.machine(),
                answer,
                inOrder(last.rows()),
                inOrder(last.flushes()),
                inOrder(last.stores()),
                inOrder(last.replies()),
                last.patience());
    }

    private static <T> List<T> inOrder(List<T> latestFirst) {
        List<T> list = List.empty();
        for (List<T> left = latestFirst; !left.isEmpty(); left = left.tail()) {
            list = list.prepend(left.head());
        }
        return list;
    }
}
