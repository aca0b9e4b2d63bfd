// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.statements;

import org.jacoco.core.analysis.IBundleCoverage;
import org.jacoco.core.data.ExecutionDataStore;
import org.jacoco.report.DirectorySourceFileLocator;
import org.jacoco.report.FileMultiReportOutput;
import org.jacoco.report.IReportGroupVisitor;
import org.jacoco.report.IReportVisitor;
import org.jacoco.report.html.HTMLFormatter;
import org.jacoco.report.xml.XMLFormatter;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What was executed, in the formats of JaCoCo that other tools read.
public final class CoverageReport {

    private static final int TAB_WIDTH = 4;

    private final List<IBundleCoverage> bundles;
    private final ExecutionDataStore executed;

    CoverageReport(List<IBundleCoverage> bundles, ExecutionDataStore executed) {
        this.bundles = bundles;
        this.executed = executed;
    }

    /// Writes JaCoCo's XML.
    ///
    /// @param project the project's directory
    /// @throws IOException if the file cannot be written
    public void xml(Path project, Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            write(new XMLFormatter().createVisitor(out), project);
        }
    }

    /// Writes pages of the sources in which each line has the colour of what came to it.
    ///
    /// @param project the project's directory
    /// @throws IOException if they cannot be written
    public void html(Path project, Path directory) throws IOException {
        Files.createDirectories(directory);
        write(
                new HTMLFormatter().createVisitor(new FileMultiReportOutput(directory.toFile())),
                project);
    }

    private void write(IReportVisitor visitor, Path project) throws IOException {
        visitor.visitInfo(List.of(), executed.getContents());
        IReportGroupVisitor group = visitor.visitGroup("Provisor");
        for (IBundleCoverage bundle : bundles) {
            Path sources = project.resolve(bundle.getName()).resolve("src/main/java");
            group.visitBundle(
                    bundle,
                    new DirectorySourceFileLocator(
                            sources.toFile(), StandardCharsets.UTF_8.name(), TAB_WIDTH));
        }
        visitor.visitEnd();
    }
}
