// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.trace;

import org.provisor.refine.program.Action;
import org.provisor.refine.program.Program;

/// Programs as text and back.
public final class TraceText {

    private TraceText() {}

    /// The program that a text states.
    ///
    /// @param name where the text is from, for complaints
    /// @throws TraceException if it states none
    public static Program parse(String name, String text) {
        return new TraceParser(name).program(text);
    }

    /// A program as text, which [#parse] makes the same program of.
    public static String print(Program program) {
        StringBuilder text = new StringBuilder();
        TracePrinter.world(text, program.world());
        for (Action action : program.actions()) {
            text.append(print(action)).append('\n');
        }
        return text.toString();
    }

    /// An action as a line of text, without its end.
    public static String print(Action action) {
        StringBuilder line = new StringBuilder();
        TracePrinter.action(line, action);
        return line.toString();
    }
}
