// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.mutation;

import java.util.Locale;

/// What is done to a place in the rules: one small error, the same everywhere.
public enum Operator {
    /// A branch is taken when it should not be, and the other way round.
    NEGATE("a branch goes the other way"),

    /// A branch is taken whatever its condition: a guard, or a part of one, is dropped.
    ALWAYS("a branch is always taken"),

    /// A branch is never taken.
    NEVER("a branch is never taken"),

    /// Less than becomes less or equal, and so on.
    BOUNDARY("a comparison is off by one"),

    /// A number is one more.
    MORE("a number is one more"),

    /// A number is one less.
    LESS("a number is one less"),

    /// A truth value is the other one.
    FLIP("a truth value is the other one"),

    /// Another error number.
    ERRNO("another error number"),

    /// Another constant of the same enumeration.
    CONSTANT("another constant"),

    /// A step further is not made: an effect, or all that a rule does.
    DROP("an effect is dropped"),

    /// Plus becomes minus, and becomes or, and so on.
    ARITHMETIC("another operation"),

    /// What a predicate answers is turned round.
    NOT("an answer is turned round"),

    /// A predicate or a measure answers the same whatever it is asked.
    ANSWER("an answer is always the same"),

    /// A case of a switch is treated as another.
    CASE("a case is treated as another"),

    /// Two arguments of the same type change places.
    SWAP("two arguments change places"),

    /// Of two rows the later is looked at first.
    REORDER("two guards change places");

    private final String text;

    Operator(String text) {
        this.text = text;
    }

    /// In a few words.
    public String text() {
        return text;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
