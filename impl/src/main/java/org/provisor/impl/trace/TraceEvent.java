// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.trace;

/// The events of a trace.
public final class TraceEvent {

    /// A call begins: a is its number, b its first argument.
    public static final int HYPERCALL = 1;

    /// A call ends: a is its number, b what it returns.
    public static final int RETURN = 2;

    /// A call ends, to be made again: a is its number, b its first argument then.
    public static final int CONTINUED = 3;

    /// Frames were asked for: a is the order, b the first of those given, or -1.
    public static final int ALLOCATED = 4;

    /// A preemption check answered yes: a is the number of the call, b how many of its elements are
    /// done.
    public static final int PREEMPTED = 5;

    private static final String[] NAMES = {
        "nothing", "hypercall", "return", "continued", "allocated", "preempted"
    };

    private TraceEvent() {}

    /// The name of an event; its number if it has none.
    public static String name(final int event) {
        return event >= 0 && event < NAMES.length ? NAMES[event] : Integer.toString(event);
    }
}
