// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import io.vavr.collection.List;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

import org.provisor.spec.abi.Mfn;
import org.provisor.spec.state.Answer;
import org.provisor.spec.state.Choices;
import org.provisor.spec.state.Flush;
import org.provisor.spec.state.Outcome;
import org.provisor.spec.state.Reply;
import org.provisor.spec.state.Store;
import org.provisor.spec.state.VcpuId;
import org.provisor.spec.transition.Event;

/// A worked example: in a scene something happens, and this comes of it, nothing else.
///
/// @param title what it shows, a sentence without a full stop
/// @param row the row it is about, as `clause/row`
/// @param given the scene
/// @param by who acts
/// @param event what happens
/// @param choices what is observed where Xen may choose
/// @param answers what the caller sees: `returns 0`, `returns -22 EINVAL`, `made again: ...`
/// @param changes what is different afterwards, as {@link Changes} says it
/// @param owed flushes and writes to the caller's memory, in order
/// @param breaks which invariant does not hold afterwards and why, as "I11: ..."; empty where all
///   do
public record Example(
        String title,
        String row,
        Scene given,
        VcpuId by,
        Event event,
        Choices choices,
        String answers,
        Vector<String> changes,
        Vector<String> owed,
        String breaks) {

    /// An example of a row, of which nothing is expected yet.
    public static Example of(String row, String title, Scene given, VcpuId by, Event event) {
        return new Example(
                title, row, given, by, event, Choices.NONE, "", Vector.empty(), Vector.empty(), "");
    }

    /// The same with something observed.
    public Example observed(Choices seen) {
        return new Example(title, row, given, by, event, seen, answers, changes, owed, breaks);
    }

    /// The same with what the caller sees.
    public Example answers(String text) {
        return new Example(title, row, given, by, event, choices, text, changes, owed, breaks);
    }

    /// The same with what is different afterwards.
    public Example changes(String... lines) {
        return new Example(
                title, row, given, by, event, choices, answers, Vector.of(lines), owed, breaks);
    }

    /// The same with what is owed.
    public Example owes(String... lines) {
        return new Example(
                title, row, given, by, event, choices, answers, changes, Vector.of(lines), breaks);
    }

    /// The same, saying which invariant does not hold afterwards: because the scene starts from
    /// counts that only very many calls lead to, or because Xen does so.
    public Example breaks(String invariantAndWhy) {
        return new Example(
                title, row, given, by, event, choices, answers, changes, owed, invariantAndWhy);
    }

    /// What really comes of it.
    public Outcome outcome() {
        Scene after = given.then(by, event, choices);
        return after.last().get(0);
    }

    /// What the caller sees, in words.
    public static String say(Answer answer) {
        return switch (answer) {
            case Answer.Returned(long value) -> "returns " + error(value);
            case Answer.Continued(var call) -> "made again: " + call;
            case Answer.Again _ -> "to be asked again";
            case Answer.Resumed _ -> "goes on";
            case Answer.PageFault(var address) -> "page fault at " + address;
            case Answer.ReadFault(var address) -> "page fault of a read at " + address;
            case Answer.GeneralProtection(int code) ->
                    "general protection, error code " + Integer.toHexString(code);
            case Answer.Entered(var registers, int mask, var cr2) ->
                    "goes on with "
                            + registers
                            + ", mask "
                            + Integer.toHexString(mask)
                            + cr2.map(at -> ", cr2 " + Long.toHexString(at.value())).getOrElse("");
            case Answer.Crashed(String why) -> "crashes: " + why;
            case Answer.ShutDown _ -> "shuts down";
            case Answer.CompareFailed(long found) -> "found " + Long.toHexString(found);
            case Answer.Unspecified(String reason) -> "not specified: " + reason;
            case Answer.NotAllowed(String why) -> "not allowed: " + why;
        };
    }

    private static String error(long value) {
        for (var error : org.provisor.spec.abi.XenErrno.values()) {
            if (value == -error.number()) {
                return value + " " + error;
            }
        }
        return Long.toString(value);
    }

    /// What is owed, in words: flushes, writes to the caller's memory, and what changed in frames
    /// whose contents are not the hypervisor's.
    public static Vector<String> say(Outcome outcome) {
        Vector<String> lines = Vector.empty();
        for (Flush flush : outcome.flushes()) {
            lines = lines.append("flush " + flush);
        }
        for (Reply reply : outcome.replies()) {
            lines =
                    lines.append(
                            "write "
                                    + reply.value()
                                    + " at "
                                    + reply.address()
                                    + ", "
                                    + reply.bytes()
                                    + " bytes");
        }
        for (Store store : outcome.stores()) {
            lines = lines.appendAll(say(outcome, store));
        }
        return lines;
    }

    private static Option<String> say(Outcome outcome, Store store) {
        return switch (store) {
            case Store.Word(Mfn mfn, int slot, long value) ->
                    outcome.machine().frame(mfn).table().contents().known()
                            ? Option.none()
                            : Option.some(
                                    "store "
                                            + Long.toHexString(value)
                                            + " in "
                                            + mfn
                                            + "["
                                            + slot
                                            + "]");
            case Store.Cleared(Mfn mfn) -> Option.some("clear " + mfn);
            case Store.Copied(Mfn to, Mfn from) -> Option.some("copy " + from + " to " + to);
            case Store.XenSlots _ -> Option.none();
        };
    }

    /// Whether the rows that decided include the one the example is about.
    public boolean decidedBy(List<String> rows) {
        return rows.contains(row);
    }
}
