// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.seeded;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// A text file that states errors.
///
/// ```
/// # A comment.
/// [name-of-the-error]
/// What is wrong, in a line.
/// mm/Pinning.java
/// - the fragment of the source,
/// - on as many lines as it needs
/// + what is there instead, if anything
/// ```
public final class ErrorFile {

    private final String file;
    private final List<String> lines;
    private final List<SeededError> errors = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private int at;

    private ErrorFile(String file, String text) {
        this.file = file;
        lines = text.lines().toList();
    }

    /// The errors that are shipped.
    public static List<SeededError> shipped(Target target) {
        return shipped(target.errors());
    }

    /// The errors in the specification that are shipped to be found by comparing with a real Xen.
    public static List<SeededError> shippedForXen() {
        return shipped("conformance-errors.txt");
    }

    private static List<SeededError> shipped(String file) {
        try (InputStream in = ErrorFile.class.getResourceAsStream(file)) {
            byte[] bytes = Objects.requireNonNull(in, file).readAllBytes();
            return of(file, new String(bytes, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The errors that a text states.
    ///
    /// @param file what the text is called in messages
    /// @throws SeededException if the text is not as it should be
    public static List<SeededError> of(String file, String text) {
        ErrorFile read = new ErrorFile(file, text);
        while (read.skipped()) {
            read.error();
        }
        if (read.errors.isEmpty()) {
            throw new SeededException(file + " states no error");
        }
        return List.copyOf(read.errors);
    }

    /// Goes on to the next line that says something; false if there is none.
    private boolean skipped() {
        while (at < lines.size() && (lines.get(at).isBlank() || lines.get(at).startsWith("#"))) {
            at++;
        }
        return at < lines.size();
    }

    private void error() {
        String head = lines.get(at).strip();
        if (!head.matches("\\[[a-z0-9-]+]")) {
            throw wrong("an error starts with [its-name], not with '" + head + "'");
        }
        String name = head.substring(1, head.length() - 1);
        if (!names.add(name)) {
            throw wrong("a second error is called " + name);
        }
        at++;
        String what = plain("what is wrong, in a line");
        String source = plain("the source, for example mm/Pinning.java");
        if (!source.matches("([a-z0-9]+/)+[A-Za-z0-9]+\\.java")) {
            at--;
            throw wrong("the source is not '" + source + "', but like mm/Pinning.java");
        }
        String original = marked('-');
        if (original.isEmpty()) {
            throw wrong("the fragment of " + source + " is missing; its lines start with '-'");
        }
        errors.add(new SeededError(name, what, source, original, marked('+')));
    }

    private String plain(String what) {
        if (at == lines.size()
                || lines.get(at).isBlank()
                || "#[-+".indexOf(lines.get(at).charAt(0)) >= 0) {
            throw wrong("what is missing here is " + what);
        }
        return lines.get(at++).strip();
    }

    /// The lines from here that start with a mark, without it.
    private String marked(char mark) {
        StringBuilder text = new StringBuilder();
        while (at < lines.size() && lines.get(at).indexOf(mark) == 0) {
            text.append(lines.get(at).substring(1).strip()).append('\n');
            at++;
        }
        return text.toString().strip();
    }

    private SeededException wrong(String why) {
        return new SeededException(file + ": line " + (at + 1) + ": " + why);
    }
}
