// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.requirement;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.NewArrayTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/// Reads the clauses out of the specification's source: comment, table, citations, declaration.
public final class ClauseTexts {

    private ClauseTexts() {}

    /// All clauses below a directory of sources, by identifier.
    ///
    /// @param sources the directory with the packages
    /// @throws IllegalStateException if this Java has no compiler, or a clause has no comment
    public static List<ClauseText> in(Path sources) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new IllegalStateException("this Java has no compiler: a JDK is needed");
        }
        try (Stream<Path> walked = Files.walk(sources);
                StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<Path> java = walked.filter(ClauseTexts::isSource).sorted().toList();
            JavacTask task =
                    (JavacTask)
                            compiler.getTask(
                                    null,
                                    files,
                                    null,
                                    List.of("-proc:none"),
                                    null,
                                    files.getJavaFileObjectsFromPaths(java));
            Reader reader = new Reader(DocTrees.instance(task), sources);
            for (CompilationUnitTree unit : task.parse()) {
                reader.scan(new TreePath(unit), null);
            }
            reader.found.sort(Comparator.comparing(ClauseText::id));
            return List.copyOf(reader.found);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isSource(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".java") && !name.equals("module-info.java");
    }

    private static final class Reader extends TreePathScanner<@Nullable Void, @Nullable Void> {

        private final DocTrees trees;
        private final Path root;
        private final List<ClauseText> found = new ArrayList<>();
        private final Map<String, CommentText> classes = new HashMap<>();

        Reader(DocTrees trees, Path root) {
            this.trees = trees;
            this.root = root;
        }

        @Override
        public @Nullable Void visitClass(ClassTree tree, @Nullable Void nothing) {
            classes.putIfAbsent(file(), comment());
            add(tree.getModifiers(), tree, tree.getSimpleName().toString());
            return super.visitClass(tree, null);
        }

        @Override
        public @Nullable Void visitMethod(MethodTree tree, @Nullable Void nothing) {
            add(tree.getModifiers(), tree, tree.getName().toString());
            return super.visitMethod(tree, null);
        }

        private void add(ModifiersTree modifiers, Tree tree, String name) {
            for (AnnotationTree annotation : modifiers.getAnnotations()) {
                if (annotation.getAnnotationType().toString().equals("Clause")) {
                    found.add(clause(annotation, tree, name));
                }
            }
        }

        private ClauseText clause(AnnotationTree annotation, Tree tree, String name) {
            Map<String, List<String>> said = arguments(annotation);
            String id = said.getOrDefault("value", List.of("?")).getFirst();
            CommentText own = comment();
            // An invariant's statement stands at its class, which does nothing else.
            CommentText comment = own.paragraphs().isEmpty() ? classComment() : own;
            if (comment.paragraphs().isEmpty()) {
                throw new IllegalStateException(file() + ": " + id + " has no comment");
            }
            CompilationUnitTree unit = getCurrentPath().getCompilationUnit();
            long start = trees.getSourcePositions().getStartPosition(unit, tree);
            long end = trees.getSourcePositions().getEndPosition(unit, tree);
            return new ClauseText(
                    id,
                    type(),
                    name,
                    file(),
                    unit.getLineMap().getLineNumber(start),
                    comment.summary(),
                    comment.more(),
                    said.containsKey("rows") ? rows(comment.table()) : List.of(),
                    comment.sources(),
                    said.getOrDefault("covers", List.of()),
                    text(unit, start, end));
        }

        /// Every line but the heads, which begin with `row`.
        private static List<ClauseText.Row> rows(List<List<String>> table) {
            List<ClauseText.Row> rows = new ArrayList<>();
            List<String> heads = List.of();
            for (List<String> line : table) {
                List<String> rest = line.subList(1, line.size());
                if (line.getFirst().equals("row")) {
                    heads = rest;
                } else {
                    rows.add(new ClauseText.Row(heads, line.getFirst(), rest));
                }
            }
            return rows;
        }

        private CommentText comment() {
            DocCommentTree tree = trees.getDocCommentTree(getCurrentPath());
            String text = tree == null ? "" : trees.getDocComment(getCurrentPath());
            return CommentText.of(text == null ? "" : text);
        }

        private CommentText classComment() {
            return classes.getOrDefault(file(), CommentText.of(""));
        }

        private String file() {
            Path file = Path.of(getCurrentPath().getCompilationUnit().getSourceFile().toUri());
            return root.toAbsolutePath().relativize(file).toString().replace('\\', '/');
        }

        private String type() {
            String file = file();
            String name = file.substring(0, file.length() - ".java".length()).replace('/', '.');
            return name.replaceFirst("^org\\.provisor\\.spec\\.", "");
        }

        private static String text(CompilationUnitTree unit, long start, long end) {
            try {
                CharSequence all = unit.getSourceFile().getCharContent(true);
                String text = all.subSequence((int) start, (int) end).toString();
                // The declaration is indented by four; so is all of it but its first line.
                return text.replaceAll("(?m)^ {4}", "");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static Map<String, List<String>> arguments(AnnotationTree annotation) {
            Map<String, List<String>> said = new LinkedHashMap<>();
            for (ExpressionTree argument : annotation.getArguments()) {
                if (argument instanceof AssignmentTree named) {
                    said.put(named.getVariable().toString(), texts(named.getExpression()));
                } else {
                    said.put("value", texts(argument));
                }
            }
            return said;
        }

        private static List<String> texts(ExpressionTree value) {
            return switch (value) {
                case LiteralTree literal -> List.of(String.valueOf(literal.getValue()));
                case NewArrayTree array ->
                        array.getInitializers().stream()
                                .flatMap(each -> texts(each).stream())
                                .toList();
                default -> throw new IllegalStateException("not written out: " + value);
            };
        }
    }
}
