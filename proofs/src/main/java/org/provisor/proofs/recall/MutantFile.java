// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.recall;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.tree.ClassNode;
import org.provisor.proofs.recall.Edit.Called;
import org.provisor.proofs.seeded.SeededException;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A text that declares mutants.
///
/// ```
/// # A comment.
/// [XSA-58]
/// What is wrong, in a line.
/// mm.Pinning.pin: read 0 of Vcpu.oldTable
/// ```
///
/// Each line after the second changes a method, which is stated with its class below
/// `org.provisor.impl`, and with the types of its arguments if others have its name, like
/// `mm.PageTypes.put(Vcpu,long)`. What can be said, where `C.m` is a method, likewise:
///
/// | change                              | meaning                                              |
/// |-------------------------------------|------------------------------------------------------|
/// | `skip call C.m`                     | it is not called; its answer is 0 or false           |
/// | `answer call C.m with V`            | it is not called; its answer is V                    |
/// | `answer call C.m with argument N`   | it is not called; its answer is what it was given    |
/// | `pass V as argument N of C.m`       | it is given V, whatever was worked out               |
/// | `call C.n instead of C.m`           | with the same arguments                              |
/// | `insert call E before C.m`          | E is called too; its answer is dropped               |
/// | `repeat call C.m before C.n`        | it is called once more; that answer is dropped       |
/// | `move call C.m before C.n`          | it is called there, and not where it was             |
/// | `skip return V`                     | it goes on there                                     |
/// | `return W instead of V`             |                                                      |
/// | `fail instead of return V`          | an assertion fails there                             |
/// | `constant W instead of V`           |                                                      |
/// | `fail instead of constant V`        | an assertion fails there                             |
/// | `negate condition`                  | it is jumped if it would not be                      |
/// | `turn equality over in condition`   | the same, if both sides of `<` or the like are equal |
/// | `always jump at condition`          |                                                      |
/// | `never jump at condition`           |                                                      |
/// | `read V of C.f`                     | whatever is in the field                             |
/// | `write V to C.f`                    | whatever was worked out for the field                |
/// | `skip write to C.f`                 |                                                      |
///
/// A condition can be stated as the first ` after C.m`. E is a call like `Pinning.unpin(this.by,
/// mfn, 0)`, of what variables and their fields hold. V and W are numbers, decimal or 0x...,
/// `true`, `false`, `null`, a constant of a class like `-Errno.EINVAL`, or sums of such. Where a
/// change fits more than once, ` (2 of 3)` at the end says where it is made; otherwise it must fit
/// exactly once.
final class MutantFile {

    static final String FILE = "advisory-mutants.txt";

    private static final String METHOD = "([A-Za-z0-9$]+)\\.([A-Za-z0-9$]+)(?:\\(([^) ]*)\\))?";
    private static final Pattern LINE =
            Pattern.compile(
                    "([a-z]+)\\.([A-Za-z0-9$]+)\\.([A-Za-z0-9$]+|<init>|<clinit>)(?:\\(([^)"
                            + " ]*)\\))?: (.*?)(?: \\((\\d+) of (\\d+)\\))?");
    private static final Pattern SKIP_CALL = Pattern.compile("skip call " + METHOD);
    private static final Pattern ARGUMENT =
            Pattern.compile("answer call " + METHOD + " with argument (\\d+)");
    private static final Pattern ANSWER = Pattern.compile("answer call " + METHOD + " with (.+)");
    private static final Pattern PASS =
            Pattern.compile("pass (.+) as argument (\\d+) of " + METHOD);
    private static final Pattern OTHER =
            Pattern.compile("call " + METHOD + " instead of " + METHOD);
    private static final Pattern REPEAT =
            Pattern.compile("repeat call " + METHOD + " before " + METHOD);
    private static final Pattern MOVE =
            Pattern.compile("move call " + METHOD + " before " + METHOD);
    private static final Pattern SKIP_RETURN = Pattern.compile("skip return (.+)");
    private static final Pattern RETURN = Pattern.compile("return (.+) instead of (.+)");
    private static final Pattern CONSTANT = Pattern.compile("constant (.+) instead of (.+)");
    private static final Pattern CONDITION =
            Pattern.compile(
                    "(negate|turn equality over in|always jump at|never jump at) condition(?: after"
                            + " "
                            + METHOD
                            + ")?");
    private static final Pattern FAIL = Pattern.compile("fail instead of (return|constant) (.+)");
    private static final Pattern INSERT = Pattern.compile("insert call (.+) before " + METHOD);
    private static final Pattern READ = Pattern.compile("read (.+) of (\\w+)\\.(\\w+)");
    private static final Pattern WRITE = Pattern.compile("write (.+) to (\\w+)\\.(\\w+)");
    private static final Pattern SKIP_WRITE = Pattern.compile("skip write to (\\w+)\\.(\\w+)");

    private final String file;
    private final List<String> lines;
    private final Implementation implementation;
    private final List<DeclaredMutant> mutants = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private int at;

    private MutantFile(String file, String text, Implementation implementation) {
        this.file = file;
        this.implementation = implementation;
        lines = text.lines().toList();
    }

    /// The mutants of the advisories that can be expressed.
    static List<DeclaredMutant> shipped(Implementation implementation) {
        return of(FILE, Advisories.resource(FILE), implementation);
    }

    /// The mutants that a text declares.
    ///
    /// @param file what the text is called in messages
    /// @throws SeededException if the text is not as it should be
    static List<DeclaredMutant> of(String file, String text, Implementation implementation) {
        MutantFile read = new MutantFile(file, text, implementation);
        while (read.skipped()) {
            read.mutant();
        }
        if (read.mutants.isEmpty()) {
            throw new SeededException(file + " declares no mutant");
        }
        return List.copyOf(read.mutants);
    }

    /// Goes on to the next line that says something; false if there is none.
    private boolean skipped() {
        while (at < lines.size() && (lines.get(at).isBlank() || lines.get(at).startsWith("#"))) {
            at++;
        }
        return at < lines.size();
    }

    private void mutant() {
        String head = lines.get(at).strip();
        if (!head.matches("\\[[A-Za-z0-9.-]+]")) {
            throw wrong("a mutant starts with [its-name], not with '" + head + "'");
        }
        String name = head.substring(1, head.length() - 1);
        if (!names.add(name)) {
            throw wrong("a second mutant is called " + name);
        }
        at++;
        if (!stated() || LINE.matcher(lines.get(at)).matches()) {
            throw wrong("what is missing here is what is wrong, in a line");
        }
        String what = lines.get(at++).strip();
        List<Change> changes = new ArrayList<>();
        while (stated()) {
            changes.add(change(lines.get(at).strip()));
            at++;
        }
        if (changes.isEmpty()) {
            throw wrong(name + " changes nothing");
        }
        mutants.add(new DeclaredMutant(name, what, changes));
    }

    private boolean stated() {
        return at < lines.size()
                && !lines.get(at).isBlank()
                && !lines.get(at).startsWith("#")
                && !lines.get(at).startsWith("[");
    }

    private Change change(String line) {
        Matcher is = LINE.matcher(line);
        if (!is.matches()) {
            throw wrong(
                    "a change is like 'mm.Pinning.pin: skip call Host.put', not '" + line + "'");
        }
        String type = is.group(1) + "/" + is.group(2);
        Called method = called(is.group(2), is.group(3), is.group(4));
        if (!implementation.has(Change.PACKAGE + type)) {
            throw wrong("there is no class " + is.group(1) + "." + is.group(2));
        }
        int number = is.group(6) == null ? 1 : Integer.parseInt(is.group(6));
        int of = is.group(7) == null ? 1 : Integer.parseInt(is.group(7));
        if (number < 1 || number > of) {
            throw wrong("there is no place " + number + " of " + of);
        }
        Edit edit = edit(Objects.requireNonNull(is.group(5)));
        if (edit == null) {
            throw wrong("nothing is called '" + is.group(5) + "'");
        }
        return new Change(type, method, edit, number, of, line);
    }

    private @Nullable Edit edit(String text) {
        Edit edit = call(text);
        edit = edit == null ? flow(text) : edit;
        return edit == null ? field(text) : edit;
    }

    private @Nullable Edit call(String text) {
        Matcher is = SKIP_CALL.matcher(text);
        if (is.matches()) {
            return new Edit.Answer(called(is, 1), null);
        }
        is = ARGUMENT.matcher(text);
        if (is.matches()) {
            return new Edit.AnswerArgument(called(is, 1), number(is, 4));
        }
        is = ANSWER.matcher(text);
        if (is.matches()) {
            return new Edit.Answer(called(is, 1), value(is, 4));
        }
        is = PASS.matcher(text);
        if (is.matches()) {
            return new Edit.Pass(called(is, 3), number(is, 2), value(is, 1));
        }
        is = OTHER.matcher(text);
        if (is.matches()) {
            return new Edit.CallOther(called(is, 4), existing(called(is, 1)));
        }
        is = INSERT.matcher(text);
        if (is.matches()) {
            return new Edit.Insert(group(is, 1), called(is, 2), implementation);
        }
        is = REPEAT.matcher(text);
        if (is.matches()) {
            return new Edit.Repeat(called(is, 1), called(is, 4));
        }
        is = MOVE.matcher(text);
        return is.matches() ? new Edit.Move(called(is, 1), called(is, 4)) : null;
    }

    private @Nullable Edit flow(String text) {
        Matcher is = SKIP_RETURN.matcher(text);
        if (is.matches()) {
            return new Edit.Return(value(is, 1), null);
        }
        is = RETURN.matcher(text);
        if (is.matches()) {
            return new Edit.Return(value(is, 2), value(is, 1));
        }
        is = CONSTANT.matcher(text);
        if (is.matches()) {
            return new Edit.Constant(value(is, 2), value(is, 1));
        }
        is = FAIL.matcher(text);
        if (is.matches()) {
            long value = value(is, 2);
            return new Edit.Fail(
                    group(is, 1).equals("return")
                            ? new Edit.Return(value, null)
                            : new Edit.Constant(value, value));
        }
        is = CONDITION.matcher(text);
        return is.matches()
                ? new Edit.Condition(
                        is.group(2) == null ? null : called(is, 2), turned(group(is, 1)))
                : null;
    }

    private static Edit.Turned turned(String text) {
        return switch (text) {
            case "negate" -> Edit.Turned.NEGATED;
            case "always jump at" -> Edit.Turned.ALWAYS;
            case "never jump at" -> Edit.Turned.NEVER;
            default -> Edit.Turned.IF_EQUAL;
        };
    }

    private @Nullable Edit field(String text) {
        Matcher is = READ.matcher(text);
        if (is.matches()) {
            return new Edit.Field(group(is, 2), group(is, 3), false, value(is, 1));
        }
        is = SKIP_WRITE.matcher(text);
        if (is.matches()) {
            return new Edit.Field(group(is, 1), group(is, 2), true, null);
        }
        is = WRITE.matcher(text);
        return is.matches() ? new Edit.Field(group(is, 2), group(is, 3), true, value(is, 1)) : null;
    }

    private static String group(Matcher is, int group) {
        return Objects.requireNonNull(is.group(group));
    }

    private int number(Matcher is, int group) {
        return (int) value(is, group);
    }

    private Called called(Matcher is, int group) {
        return called(is.group(group), is.group(group + 1), is.group(group + 2));
    }

    private Called existing(Called method) {
        ClassNode type = implementation.named(method.type());
        if (type == null
                || type.methods.stream().noneMatch(each -> each.name.equals(method.method()))) {
            throw wrong("there is no method " + method.type() + "." + method.method());
        }
        return method;
    }

    private static Called called(
            @Nullable String type, @Nullable String method, @Nullable String arguments) {
        return new Called(
                Objects.requireNonNull(type),
                Objects.requireNonNull(method),
                arguments == null
                        ? null
                        : arguments.isEmpty() ? List.of() : List.of(arguments.split(",")));
    }

    /// A sum of numbers and constants.
    private long value(Matcher is, int group) {
        long sum = 0;
        boolean minus = false;
        for (String word : group(is, group).split(" ")) {
            switch (word) {
                case "+" -> minus = false;
                case "-" -> minus = true;
                default -> sum += minus ? -single(word) : single(word);
            }
        }
        return sum;
    }

    private long single(String word) {
        boolean minus = word.startsWith("-");
        String text = minus ? word.substring(1) : word;
        long value =
                switch (text) {
                    case "true" -> 1;
                    case "false", "null" -> 0;
                    default -> number(text);
                };
        return minus ? -value : value;
    }

    private long number(String text) {
        try {
            return text.startsWith("0x")
                    ? Long.parseUnsignedLong(text.substring(2), 16)
                    : Long.parseLong(text);
        } catch (NumberFormatException e) {
            int dot = text.indexOf('.');
            Long constant =
                    dot < 0
                            ? null
                            : implementation.constant(
                                    text.substring(0, dot), text.substring(dot + 1));
            if (constant == null) {
                throw wrong("'" + text + "' is neither a number nor a constant of a class");
            }
            return constant;
        }
    }

    private SeededException wrong(String why) {
        return new SeededException(file + ": line " + (at + 1) + ": " + why);
    }
}
