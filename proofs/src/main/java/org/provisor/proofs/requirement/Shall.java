// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.requirement;

import java.util.Locale;
import java.util.regex.Pattern;

/// Says as a requirement what a comment says as a fact: "Pins a frame." becomes "The hypervisor
/// shall pin a frame."
final class Shall {

    private static final String WHO = "The hypervisor shall ";

    /// A further verb of the same sentence, which comments have after these.
    private static final Pattern FURTHER =
            Pattern.compile(
                    "(?<before>, | and | or |, then |, and no longer )"
                        + "(?<verb>makes|corrects|hides|gives|forces|takes|records|drops|counts)(?="
                        + " )");

    private Shall() {}

    /// The requirement that a summary states.
    ///
    /// @param summary a sentence that begins with a verb in the third person, with `Whether` or
    ///   `How`, or with what a call is named, a colon and a verb
    /// @throws IllegalArgumentException if it is none of these
    static String of(String summary) {
        int colon = summary.indexOf("`: ");
        if (summary.startsWith("`") && colon > 0) {
            String rest = summary.substring(colon + 3);
            return "For " + summary.substring(0, colon + 1) + " the hypervisor shall " + act(rest);
        }
        return WHO + act(summary);
    }

    private static String act(String sentence) {
        String first = sentence.replaceFirst("[^A-Za-z].*", "");
        String verb = first.toLowerCase(Locale.ROOT);
        String rest = sentence.substring(first.length());
        if (verb.equals("whether") || verb.equals("how")) {
            return "tell " + verb + rest;
        }
        if (!verb.endsWith("s") || verb.endsWith("ss")) {
            throw new IllegalArgumentException("does not begin with what is done: " + sentence);
        }
        return bare(verb)
                + FURTHER.matcher(rest)
                        .replaceAll(more -> more.group("before") + bare(more.group("verb")));
    }

    private static String bare(String verb) {
        if (verb.endsWith("ies")) {
            return verb.substring(0, verb.length() - 3) + "y";
        }
        boolean withE = verb.matches(".*(?:sh|ch|ss|x|o)es");
        return verb.substring(0, verb.length() - (withE ? 2 : 1));
    }
}
