// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.smallworld;

import org.jspecify.annotations.Nullable;
import org.provisor.spec.invariant.Invariant;
import org.provisor.spec.state.Answer;

/// Names for what can be broken: the same name for the same thing, whatever the numbers.
final class Broken {

    private Broken() {}

    /// What is wrong with an answer; null if nothing is.
    static @Nullable String by(final Answer answer) {
        return switch (answer) {
            case Answer.Unspecified(String reason) -> "not specified: " + plain(reason);
            case Answer.NotAllowed(String why) -> "not allowed: " + plain(why);
            case Answer.Returned _,
                    Answer.Continued _,
                    Answer.Again _,
                    Answer.Resumed _,
                    Answer.PageFault _,
                    Answer.ReadFault _,
                    Answer.GeneralProtection _,
                    Answer.Entered _,
                    Answer.Crashed _,
                    Answer.ShutDown _,
                    Answer.CompareFailed _ ->
                    null;
        };
    }

    /// A rule met something that cannot be.
    static String by(final RuntimeException e) {
        final String message = String.valueOf(e.getMessage());
        if (e instanceof EncodingException) {
            return "encoding: " + message;
        }
        final int colon = message.indexOf(':');
        return "exception: "
                + e.getClass().getSimpleName()
                + ": "
                + plain(colon < 0 ? message : message.substring(0, colon));
    }

    /// An invariant does not hold: its number, what it says, and in what kind of place.
    static String by(final Invariant.Violation violation) {
        final Invariant invariant = violation.invariant();
        final String where = plain(violation.where()).replaceAll("[\\[({].*", "").strip();
        return invariant.number() + ", " + invariant.statement() + ": " + where;
    }

    private static String plain(final String text) {
        return text.replaceAll("\\bmfn [0-9a-f]+", "a frame").replaceAll("-?\\b[0-9]+", "#");
    }
}
