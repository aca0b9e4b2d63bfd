// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.trace;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The words of a line, taken one by one.
final class Line {

    private final List<String> words;
    private int at;

    Line(List<String> words) {
        this.words = words;
    }

    /// The words of a line; from a word that starts with `#` on it is a comment.
    static Line of(String text) {
        List<String> words = new ArrayList<>();
        for (String word : Arrays.asList(text.strip().split("\\s+"))) {
            if (word.startsWith("#")) {
                break;
            }
            if (!word.isEmpty()) {
                words.add(word);
            }
        }
        return new Line(words);
    }

    static boolean startsStimulus(String word) {
        return word.startsWith("preempt=")
                || word.startsWith("fail=")
                || word.startsWith("attempts=")
                || word.equals("flip");
    }

    boolean done() {
        return at == words.size();
    }

    String peek() {
        return words.get(at);
    }

    String next() {
        at++;
        return words.get(at - 1);
    }

    /// Takes this word, if it is the next one.
    boolean take(String word) {
        boolean here = !done() && peek().equals(word);
        at += here ? 1 : 0;
        return here;
    }

    /// Takes what stands after `key=`, if that is the next word; null otherwise.
    @Nullable String takeValue(String key) {
        if (done() || !peek().startsWith(key + "=")) {
            return null;
        }
        return next().substring(key.length() + 1);
    }
}
