// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.xen;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.xen.Mailbox.Result;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.state.Answer;
import org.provisor.spec.transition.Event;

/// What a caller is told, by the specification and by Xen.
final class Answers {

    private static final int PAGE_FAULT = 14;
    private static final int GENERAL_PROTECTION = 13;
    private static final int NOT_PRESENT = 11;

    private Answers() {}

    static @Nullable Mismatch mismatch(Event event, Answer specified, Result real) {
        return switch (specified) {
            case Answer.Returned(long value) ->
                    real.trapped() || real.value() != value
                            ? Mismatch.of("answer", "the call", errno(value), text(real))
                            : null;
            case Answer.Resumed _ -> resumed(event, real);
            case Answer.CompareFailed(long found) ->
                    real.trapped() || real.second() != 0 || real.value() != found
                            ? Mismatch.of(
                                    "answer", "the exchange", "found " + hex(found), text(real))
                            : null;
            case Answer.PageFault(var address) ->
                    faulted(real, address)
                            ? null
                            : Mismatch.of(
                                    "answer", "the access", "page fault at " + address, text(real));
            case Answer.ReadFault(var address) ->
                    faulted(real, address) && real.error() == 0
                            ? null
                            : Mismatch.of(
                                    "answer",
                                    "the access",
                                    "page fault of a read at " + address,
                                    text(real));
            case Answer.GeneralProtection(int code) ->
                    real.vector() != GENERAL_PROTECTION || real.error() != code
                            ? Mismatch.of(
                                    "answer", "the access", "#GP(" + hex(code) + ")", text(real))
                            : null;
            case Answer.Continued _,
                    Answer.Again _,
                    Answer.Entered _,
                    Answer.Crashed _,
                    Answer.ShutDown _,
                    Answer.Unspecified _,
                    Answer.NotAllowed _ ->
                    Mismatch.of("answer", "the action", String.valueOf(specified), text(real));
        };
    }

    private static boolean faulted(Result real, GuestAddress address) {
        return real.vector() == PAGE_FAULT
                && real.address() == address.value()
                && real.behind() == 0;
    }

    /// A descriptor that Xen has mapped can still be one that the processor does not load.
    private static @Nullable Mismatch resumed(Event event, Result real) {
        boolean good =
                switch (event) {
                    case Event.LoadDescriptor _ ->
                            !real.trapped()
                                    || real.vector() == GENERAL_PROTECTION
                                    || real.vector() == NOT_PRESENT;
                    case Event.WriteReadOnly(var write) ->
                            !real.trapped() && (write.expected().isEmpty() || real.second() == 1);
                    case Event.Call _, Event.Destroy _, Event.Arrive _ -> false;
                };
        return good ? null : Mismatch.of("answer", "the instruction", "done", text(real));
    }

    private static String errno(long value) {
        return value < 0 && value > -200 ? "-" + -value : hex(value);
    }

    private static String text(Result real) {
        return real.trapped()
                ? "vector %d, error 0x%x, address 0x%x, %d bytes behind"
                        .formatted(real.vector(), real.error(), real.address(), real.behind())
                : errno(real.value()) + (real.second() == 0 ? "" : ", done");
    }

    static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }
}
