// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.requirement;

import org.provisor.proofs.recall.AdvisoryMutants;
import org.provisor.proofs.requirement.Link.Kind;
import org.provisor.proofs.seeded.ErrorFile;
import org.provisor.proofs.seeded.SeededError;
import org.provisor.proofs.seeded.Target;
import org.provisor.proofs.smt.Prover;
import org.provisor.spec.example.Example;
import org.provisor.spec.example.Examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Finds what says that it belongs to a clause: by its identifier, in the project's sources.
public final class Links {

    private static final Pattern REFINES =
            Pattern.compile("@Refines\\((?<ids>[^)]*)\\)(?<rest>[^;{]*)");
    private static final Pattern LABEL =
            Pattern.compile("@Label\\((?<ids>[^)]*)\\)(?<rest>[^;{]*)");
    private static final Pattern PREDICATE =
            Pattern.compile("/\\*\\*(?<ids>[^*]*)\\*/\\s*(?:pred|fun)\\s+(?<name>\\w+)");
    private static final Pattern TEXT = Pattern.compile("\"([^\"]*)\"");
    private static final Pattern CLAUSE = Pattern.compile("[a-z0-9]+(?:\\.[a-z0-9-]+)+");
    private static final Pattern ADVISORY = Pattern.compile("\\[(XSA-[0-9a-z.]+)]");
    private static final Pattern CHANGED =
            Pattern.compile("[a-z.]*\\.(?<type>[A-Z]\\w*)\\.(?<method>[\\w<>]+)(?:\\([^)]*\\))?: ");
    private static final Pattern CALLABLE = Pattern.compile("(\\w+)\\s*\\(");
    private static final Pattern TYPE = Pattern.compile("(?:class|record|enum|interface) (\\w+)");

    private final Path project;
    private final List<ClauseText> clauses;
    private final List<Link> found = new ArrayList<>();

    private Links(Path project, List<ClauseText> clauses) {
        this.project = project;
        this.clauses = clauses;
    }

    /// All links, by clause and kind. One to a clause that there is not is among them.
    ///
    /// @param project the project's directory
    public static List<Link> in(Path project, List<ClauseText> clauses) {
        Links links = new Links(project, clauses);
        links.declared("impl/src/main/java", REFINES, Kind.IMPLEMENTATION);
        links.declared("refinement-tests/src/test/java", LABEL, Kind.PROPERTY);
        links.models();
        links.examples();
        links.proofs();
        links.seeded();
        links.advisories();
        return links.found.stream()
                .distinct()
                .sorted(
                        Comparator.comparing(Link::clause)
                                .thenComparing(Link::kind)
                                .thenComparing(Link::name))
                .toList();
    }

    private void declared(String directory, Pattern annotation, Kind kind) {
        for (Path file : files(directory, ".java")) {
            Matcher matcher = annotation.matcher(text(file));
            while (matcher.find()) {
                String simple = file.getFileName().toString().replace(".java", "");
                String name = simple + declaredAs(matcher.group("rest"), simple);
                Matcher ids = TEXT.matcher(matcher.group("ids"));
                while (ids.find()) {
                    if (CLAUSE.matcher(ids.group(1)).matches()) {
                        add(ids.group(1), kind, name, file);
                    }
                }
            }
        }
    }

    private static String declaredAs(String rest, String file) {
        Matcher type = TYPE.matcher(rest);
        if (type.find()) {
            return type.group(1).equals(file) ? "" : "." + type.group(1);
        }
        Matcher method = CALLABLE.matcher(rest.replaceAll("@\\w+(?:\\([^)]*\\))?", ""));
        return method.find() ? "." + method.group(1) : "";
    }

    private void models() {
        for (Path file : files("model/src/main/resources/org/provisor/model", ".als")) {
            Matcher matcher = PREDICATE.matcher(text(file));
            String model = file.getFileName().toString().replace(".als", "");
            while (matcher.find()) {
                Matcher ids = CLAUSE.matcher(matcher.group("ids"));
                while (ids.find()) {
                    String id = ids.group();
                    if (clauses.stream().anyMatch(clause -> clause.id().equals(id))) {
                        add(id, Kind.MODEL, model + "." + matcher.group("name"), file);
                    }
                }
            }
        }
    }

    private void examples() {
        for (Example example : Examples.all()) {
            String clause = example.row().replaceFirst("/.*", "");
            found.add(new Link(clause, Kind.EXAMPLE, example.row() + ": " + example.title(), ""));
        }
    }

    /// An error belongs to the clause whose declaration has the fragment that it changes.
    private void seeded() {
        for (SeededError error : ErrorFile.shipped(Target.SPECIFICATION)) {
            for (ClauseText clause : clauses) {
                if (!error.original().isEmpty()
                        && clause.file().endsWith(error.source())
                        && squeezed(clause.code()).contains(squeezed(error.original()))) {
                    found.add(new Link(clause.id(), Kind.SEEDED, error.name(), ""));
                }
            }
        }
    }

    private void proofs() {
        new Prover()
                .clauses()
                .forEach((obligation, of) ->
                        of.forEach(id -> found.add(new Link(id, Kind.PROOF, obligation, ""))));
    }

    /// An advisory's error belongs to the clauses that the method refines which it changes; or else
    /// the method's class; or else, the other methods of that class.
    private void advisories() {
        List<Link> code =
                found.stream().filter(link -> link.kind() == Kind.IMPLEMENTATION).toList();
        String advisory = "";
        for (String line : AdvisoryMutants.text().lines().toList()) {
            Matcher head = ADVISORY.matcher(line);
            Matcher change = CHANGED.matcher(line);
            if (head.matches()) {
                advisory = head.group(1);
            } else if (change.lookingAt()) {
                for (Link link : refining(code, change.group("type"), change.group("method"))) {
                    found.add(new Link(link.clause(), Kind.ADVISORY, advisory, link.where()));
                }
            }
        }
    }

    private static List<Link> refining(List<Link> code, String type, String method) {
        List<Predicate<String>> nearest =
                List.of(
                        (type + "." + method)::equals,
                        type::equals,
                        name -> name.startsWith(type + "."));
        return nearest.stream()
                .map(fits -> code.stream().filter(link -> fits.test(link.name())).toList())
                .filter(links -> !links.isEmpty())
                .findFirst()
                .orElse(List.of());
    }

    private static String squeezed(String code) {
        return code.replaceAll("\\s+", "");
    }

    private void add(String clause, Kind kind, String name, Path file) {
        String where = project.relativize(file).toString().replace('\\', '/');
        found.add(new Link(clause, kind, name, where));
    }

    private List<Path> files(String directory, String ending) {
        try (Stream<Path> walked = Files.walk(project.resolve(directory))) {
            return walked.filter(file -> file.toString().endsWith(ending)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
