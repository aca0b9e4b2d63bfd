// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.seeded;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// An error in a source: a fragment of it, and what is there instead.
///
/// Where the fragment has white space, the source may have any other, so that formatting it anew
/// does not matter.
///
/// @param name what it is called
/// @param what what is wrong, in a line
/// @param source the file, relative to the sources of the module: `mm/Pinning.java`
/// @param original the fragment; it stands in the source exactly once
/// @param replacement what is there instead; empty where the fragment is missing
public record SeededError(
        String name, String what, String source, String original, String replacement) {

    /// The text with the error in it.
    ///
    /// @throws SeededException if the text does not have the fragment exactly once
    public String in(String text) {
        if (original.isEmpty()) {
            return text;
        }
        Matcher found = pattern().matcher(text);
        if (!found.find()) {
            throw new SeededException(name + ": its fragment is not in " + source);
        }
        int start = found.start();
        int end = found.end();
        if (found.find(start + 1)) {
            throw new SeededException(name + ": its fragment is more than once in " + source);
        }
        return text.substring(0, start) + replacement + text.substring(end);
    }

    private Pattern pattern() {
        return Pattern.compile(
                Arrays.stream(original.split("\\s+"))
                        .map(Pattern::quote)
                        .collect(Collectors.joining("\\s+")));
    }
}
