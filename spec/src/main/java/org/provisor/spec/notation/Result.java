// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.notation;

import org.provisor.spec.abi.XenErrno;

/// How a rule ended.
public sealed interface Result {

    /// The rule did what it was asked.
    record Ok() implements Result {}

    /// The rule refused, as Xen would with this error. What had changed by then stands in the
    /// machine: long operations are undone later, not at once.
    record Refused(XenErrno why) implements Result {}

    /// The rule stopped at a preemption check and recorded how far it had come. The call is to be
    /// made again.
    record Preempted() implements Result {}

    /// The observed choice is not one that the specification allows.
    record NotAllowed(String why) implements Result {}

    /// The specification says nothing about this case. Counted and shown, never taken for
    /// agreement.
    record Unspecified(String reason) implements Result {}

    /// The one value of {@link Ok}.
    Result OK = new Ok();

    /// The one value of {@link Preempted}.
    Result PREEMPTED = new Preempted();
}
