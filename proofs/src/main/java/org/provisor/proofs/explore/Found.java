// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.explore;

import org.provisor.proofs.mail.MailReader;
import org.provisor.proofs.mail.MailWriter;

/// How often a rule was broken, and the first place, in an order that no schedule can change.
///
/// @param level the length of the trace
/// @param print the fingerprint of the state that breaks an invariant, or in which `action` breaks
///   a rule
/// @param action the action that leads to that state, or that breaks the rule there
/// @param index that state's place in the log
/// @param onAction whether the action, not the state, is at fault
record Found(
        String what, long count, int level, long print, int action, long index, boolean onAction) {

    /// The same rule broken in both places: counts added, the first place kept.
    Found and(final Found other) {
        final Found first = compare(this, other) <= 0 ? this : other;
        return new Found(
                what,
                count + other.count,
                first.level,
                first.print,
                first.action,
                first.index,
                first.onAction);
    }

    static int compare(final Found a, final Found b) {
        int order = Integer.compare(a.level, b.level);
        order = order != 0 ? order : Long.compareUnsigned(a.print, b.print);
        order = order != 0 ? order : Integer.compare(a.action, b.action);
        order = order != 0 ? order : Long.compare(a.index, b.index);
        order = order != 0 ? order : Boolean.compare(a.onAction, b.onAction);
        return order != 0 ? order : a.what.compareTo(b.what);
    }

    void write(final MailWriter to) {
        to.text(what).number(count).small(level).number(print);
        to.small(action).number(index).flag(onAction);
    }

    static Found read(final MailReader from) {
        return new Found(
                from.text(),
                from.number(),
                from.small(),
                from.number(),
                from.small(),
                from.number(),
                from.flag());
    }
}
