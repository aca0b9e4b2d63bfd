// SPDX-License-Identifier: Apache-2.0

package org.provisor.refine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import javax.xml.parsers.DocumentBuilderFactory;

/// The specification and the implementation do not see each other: what they shared, they could be
/// wrong about together.
final class ApartTest {

    private static final String SPEC = "org.provisor.spec";
    private static final String IMPL = "org.provisor.impl";

    private final JavaClasses both = new ClassFileImporter().importPackages(SPEC, IMPL);

    @Test
    void bothAreHere() {
        assertTrue(both.containPackage(SPEC + ".state"));
        assertTrue(both.containPackage(IMPL));
    }

    @Test
    void specDoesNotUseImpl() {
        noClasses()
                .that()
                .resideInAPackage(SPEC + "..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(IMPL + "..")
                .check(both);
    }

    @Test
    void implDoesNotUseSpec() {
        noClasses()
                .that()
                .resideInAPackage(IMPL + "..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(SPEC + "..")
                .check(both);
    }

    @Test
    void theBuildOffersThemNothingOfOurs() throws Exception {
        assertEquals(List.of(), ownDependencies("spec"));
        assertEquals(List.of(), ownDependencies("impl"));
        assertEquals(List.of("impl", "spec"), ownDependencies("refinement-tests"));
    }

    /// The modules of this build that a module's `pom.xml` names as dependencies, sorted.
    private static List<String> ownDependencies(String module) throws Exception {
        Path pom = Path.of("..", module, "pom.xml");
        List<String> found = new ArrayList<>();
        try (var in = Files.newInputStream(pom)) {
            var dependencies =
                    DocumentBuilderFactory.newInstance()
                            .newDocumentBuilder()
                            .parse(in)
                            .getElementsByTagName("dependency");
            for (int i = 0; i < dependencies.getLength(); i++) {
                var dependency = (org.w3c.dom.Element) dependencies.item(i);
                if (text(dependency, "groupId").equals("org.provisor")) {
                    found.add(text(dependency, "artifactId"));
                }
            }
        }
        return found.stream().sorted().toList();
    }

    private static String text(org.w3c.dom.Element element, String tag) {
        return element.getElementsByTagName(tag).item(0).getTextContent().strip();
    }
}
