// SPDX-License-Identifier: Apache-2.0

package org.provisor.spec;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.constructors;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import static org.junit.jupiter.api.Assertions.assertEquals;

import static java.util.stream.Collectors.toSet;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// What may use what inside the specification, and what a rule may be made of.
@AnalyzeClasses(packages = "org.provisor.spec", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {

    private static final String SPEC = "org.provisor.spec.";

    /// Each package, and which others it may use.
    private static final Map<String, Set<String>> MAY_USE =
            Map.of(
                    "abi", Set.of(),
                    "notation", Set.of("abi"),
                    "x86", Set.of("abi", "notation"),
                    "state", Set.of("abi", "notation", "x86"),
                    "invariant", Set.of("abi", "notation", "x86", "state"),
                    "mm", Set.of("abi", "notation", "x86", "state"),
                    "pv", Set.of("abi", "notation", "x86", "state", "mm"),
                    "hypercall", Set.of("abi", "notation", "x86", "state", "mm", "pv"),
                    "transition",
                            Set.of("abi", "notation", "x86", "state", "mm", "pv", "hypercall"));

    /// The package that may use all of them.
    private static final String EXAMPLE = "example";

    @ArchTest
    static void packagesUseOnlyThoseBeforeThem(JavaClasses spec) {
        MAY_USE.forEach((name, others) -> {
            Set<String> allowed = new HashSet<>(others);
            allowed.add(name);
            classes()
                    .that()
                    .resideInAPackage(SPEC + name + "..")
                    .should()
                    .onlyDependOnClassesThat(
                            describe(
                                    "are in " + allowed + ", or outside",
                                    used ->
                                            !used.getPackageName().startsWith(SPEC)
                                                    || allowed.contains(part(used))))
                    .check(spec);
        });
    }

    @ArchTest
    static void everyPackageHasItsPlace(JavaClasses spec) {
        Set<String> known = new HashSet<>(MAY_USE.keySet());
        known.add(EXAMPLE);
        assertEquals(known, spec.stream().map(ArchitectureTest::part).collect(toSet()));
    }

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching(SPEC + "(*)..").should().beFreeOfCycles();

    /// No input or output, no chance, no streams, no reflection: all of it lives in packages that
    /// are not listed. `Iterator` and `Objects` are what javac makes of loops and patterns.
    private static final DescribedPredicate<JavaClass> PURE =
            resideInAnyPackage(
                            SPEC + ".",
                            "io.vavr..",
                            "org.jspecify.annotations",
                            "java.lang",
                            "java.util.function")
                    .or(belongToAnyOf(Arrays.class, Iterator.class, Locale.class, Objects.class));

    @ArchTest
    static final ArchRule dependOnNothingElse =
            classes()
                    .that()
                    .resideOutsideOfPackage(SPEC + "notation")
                    .should()
                    .onlyDependOnClassesThat(PURE);

    @ArchTest
    static final ArchRule notationDependsOnNothingElse =
            classes()
                    .that()
                    .resideInAPackage(SPEC + "notation")
                    .should()
                    .onlyDependOnClassesThat(PURE.or(resideInAPackage("java.lang.annotation")));

    @ArchTest
    static final ArchRule noThreadsOrProcesses =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .belongToAnyOf(
                            Thread.class,
                            ThreadLocal.class,
                            ScopedValue.class,
                            Runtime.class,
                            Process.class,
                            ProcessBuilder.class,
                            ProcessHandle.class,
                            ClassLoader.class);

    /// `System` is the clock, the console and the environment, except for copying arrays. A locale
    /// is the environment too, except for the root.
    @ArchTest
    static final ArchRule noClockOrChance =
            noClasses()
                    .should()
                    .accessTargetWhere(
                            describe(
                                    "it is a clock, console, environment, or chance",
                                    access -> impure(access)));

    private static final DescribedPredicate<JavaClass> RULE_CLASS =
            describe(
                    "hold rules",
                    type ->
                            Set.of("x86", "invariant", "mm", "pv", "hypercall", "transition")
                                            .contains(part(type))
                                    && !type.isRecord()
                                    && !type.isEnum()
                                    && !type.isInterface()
                                    && !type.isAnonymousClass()
                                    && !type.getSimpleName().equals("package-info"));

    private static final DescribedPredicate<JavaField> CONSTANT =
            describe("of a type without state", field -> immutable(field.getRawType()));

    @ArchTest
    static final ArchRule ruleClassesHoldOnlyConstants =
            fields().that()
                    .areDeclaredInClassesThat(RULE_CLASS)
                    .should()
                    .beStatic()
                    .andShould()
                    .beFinal()
                    .andShould(be(CONSTANT));

    @ArchTest
    static final ArchRule rulesAreStatic =
            methods().that().areDeclaredInClassesThat(RULE_CLASS).should().beStatic();

    @ArchTest
    static final ArchRule ruleClassesHaveNoInstances =
            constructors().that().areDeclaredInClassesThat(RULE_CLASS).should().bePrivate();

    @ArchTest
    static final ArchRule ruleClassesAreFinal =
            classes().that(RULE_CLASS).should().haveModifier(JavaModifier.FINAL);

    /// The package below `org.provisor.spec` that a class is in.
    private static String part(JavaClass type) {
        return type.getPackageName().split("\\.", -1)[3];
    }

    private static boolean impure(JavaAccess<?> access) {
        String name = access.getTarget().getName();
        return switch (access.getTargetOwner().getName()) {
            case "java.lang.System" -> !name.equals("arraycopy");
            case "java.util.Locale" -> !name.equals("ROOT");
            case "java.lang.Math", "java.lang.StrictMath" -> name.equals("random");
            default -> false;
        };
    }

    private static boolean immutable(JavaClass type) {
        return type.isPrimitive()
                || type.isEquivalentTo(String.class)
                || (type.getPackageName().startsWith(SPEC) && (type.isRecord() || type.isEnum()));
    }
}
