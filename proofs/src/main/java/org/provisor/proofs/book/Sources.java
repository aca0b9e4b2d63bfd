// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.book;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

import javax.lang.model.element.Element;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/// Reads the specification's sources, and finds by the compiler what each name in them means.
final class Sources {

    private static final String PACKAGES = "org/provisor/spec/";

    private Sources() {}

    /// Every source, by class.
    ///
    /// @param root the directory with the packages
    /// @param classpath where the libraries are that the specification uses
    static SortedMap<String, Source> in(Path root, String classpath) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new IllegalStateException("this Java has no compiler: a JDK is needed");
        }
        SortedMap<String, Source> sources = new TreeMap<>();
        try (Stream<Path> walked = Files.walk(root);
                StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<Path> java = walked.filter(Sources::isRead).sorted().toList();
            DiagnosticCollector<JavaFileObject> complaints = new DiagnosticCollector<>();
            JavacTask task =
                    (JavacTask)
                            compiler.getTask(
                                    null,
                                    files,
                                    complaints,
                                    List.of("-proc:none", "-cp", classpath),
                                    null,
                                    files.getJavaFileObjectsFromPaths(java));
            Iterable<? extends CompilationUnitTree> units = task.parse();
            task.analyze();
            Trees trees = Trees.instance(task);
            for (CompilationUnitTree unit : units) {
                String file = below(root, unit.getSourceFile());
                if (isClass(file)) {
                    Names names = new Names(trees, unit, root);
                    names.scan(new TreePath(unit), null);
                    names.found.sort(Comparator.comparingInt(Source.Name::start));
                    sources.put(type(file), new Source(type(file), file, names.text, names.found));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sources;
    }

    /// All but the module's own description, with which libraries would have to be modules too.
    private static boolean isRead(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".java") && !name.equals("module-info.java");
    }

    private static boolean isClass(String file) {
        return file.startsWith(PACKAGES) && !file.endsWith("package-info.java");
    }

    private static String below(Path root, JavaFileObject file) {
        return root.toAbsolutePath()
                .normalize()
                .relativize(Path.of(file.toUri()))
                .toString()
                .replace('\\', '/');
    }

    private static String type(String file) {
        return file.substring(PACKAGES.length(), file.length() - ".java".length())
                .replace('/', '.');
    }

    private static final class Names extends TreePathScanner<@Nullable Void, @Nullable Void> {

        private final Trees trees;
        private final CompilationUnitTree unit;
        private final Path root;
        private final String text;
        private final List<Source.Name> found = new ArrayList<>();

        Names(Trees trees, CompilationUnitTree unit, Path root) throws IOException {
            this.trees = trees;
            this.unit = unit;
            this.root = root;
            text = unit.getSourceFile().getCharContent(true).toString();
        }

        @Override
        public @Nullable Void visitIdentifier(IdentifierTree tree, @Nullable Void nothing) {
            add(tree, tree.getName().toString());
            return super.visitIdentifier(tree, null);
        }

        @Override
        public @Nullable Void visitMemberSelect(MemberSelectTree tree, @Nullable Void nothing) {
            add(tree, tree.getIdentifier().toString());
            return super.visitMemberSelect(tree, null);
        }

        @Override
        public @Nullable Void visitMemberReference(
                MemberReferenceTree tree, @Nullable Void nothing) {
            add(tree, tree.getName().toString());
            return super.visitMemberReference(tree, null);
        }

        /// The name is the last thing in its tree. What is declared within a method is in sight.
        private void add(Tree tree, String name) {
            Element meant = trees.getElement(getCurrentPath());
            TreePath declared = meant == null ? null : trees.getPath(meant);
            if (declared == null) {
                return;
            }
            int end = (int) trees.getSourcePositions().getEndPosition(unit, tree);
            int start = end - name.length();
            CompilationUnitTree other = declared.getCompilationUnit();
            String file = below(root, other.getSourceFile());
            long at = trees.getSourcePositions().getStartPosition(other, declared.getLeaf());
            if (end > 0
                    && at >= 0
                    && (!(declared.getLeaf() instanceof VariableTree)
                            || declared.getParentPath().getLeaf() instanceof ClassTree)
                    && isClass(file)
                    && text.startsWith(name, start)) {
                found.add(
                        new Source.Name(
                                start, end, type(file), other.getLineMap().getLineNumber(at)));
            }
        }
    }
}
