// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;

import org.junit.jupiter.api.Test;

/// The processor's packages use each other in one direction only, and nothing of the hypervisor.
final class ImplLayersTest {

    private static final String IMPL = "org.provisor.impl.";

    private static final JavaClasses IMPLEMENTATION =
            new ClassFileImporter().importPackages("org.provisor.impl");

    @Test
    void processor() {
        final JavaClasses classes =
                new ClassFileImporter()
                        .importPackages(
                                IMPL + "cpu",
                                IMPL + "decode",
                                IMPL + "ir",
                                IMPL + "interp",
                                IMPL + "jit");
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("org.provisor..")
                .layer("cpu")
                .definedBy(IMPL + "cpu")
                .layer("decode")
                .definedBy(IMPL + "decode")
                .layer("ir")
                .definedBy(IMPL + "ir")
                .layer("interp")
                .definedBy(IMPL + "interp")
                .layer("jit")
                .definedBy(IMPL + "jit")
                .whereLayer("cpu")
                .mayNotAccessAnyLayer()
                .whereLayer("decode")
                .mayOnlyAccessLayers("cpu")
                .whereLayer("ir")
                .mayOnlyAccessLayers("cpu", "decode")
                .whereLayer("interp")
                .mayOnlyAccessLayers("cpu", "decode", "ir")
                .whereLayer("jit")
                .mayOnlyAccessLayers("cpu", "decode", "ir", "interp")
                .ensureAllClassesAreContainedInArchitecture()
                .check(classes);
    }

    /// Nobody knows what builds and runs guests.
    @Test
    void guests() {
        noClasses()
                .that()
                .resideOutsideOfPackage(IMPL + "launch")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(IMPL + "launch")
                .check(IMPLEMENTATION);
        noClasses()
                .that()
                .resideOutsideOfPackages(IMPL + "launch", IMPL + "build")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(IMPL + "build")
                .check(IMPLEMENTATION);
    }

    /// What remembers translations does not know what they are of; the processor's walk of tables
    /// knows no domain.
    @Test
    void translations() {
        noClasses()
                .that()
                .resideInAPackage(IMPL + "tlb")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(IMPL + "mm", IMPL + "memory", IMPL + "paging")
                .check(IMPLEMENTATION);
        noClasses()
                .that()
                .haveSimpleName("PageWalker")
                .or()
                .haveSimpleName("DirectMemory")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(IMPL + "mm")
                .check(IMPLEMENTATION);
    }
}
