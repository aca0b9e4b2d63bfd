// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

import org.provisor.spec.abi.Claim.Reading;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Finds everything that the package says, by looking at its classes.
///
/// A public constant that is neither claimed nor excused makes [#all] fail: that is what makes the
/// comparison complete.
final class AbiClaims {

    /// Structures that C knows by another name, or from another header.
    private static final Map<String, String> STRUCTURES =
            Map.of("struct e820entry", "struct boot_e820_entry");

    private AbiClaims() {}

    /// All claims of the package.
    static List<Claim> all() {
        var claims = new ArrayList<Claim>();
        for (var type : classes()) {
            if (!Modifier.isPublic(type.getModifiers())
                    || CNames.EXCEPTIONS.containsKey(type.getSimpleName())) {
                continue;
            }
            for (var field : type.getDeclaredFields()) {
                if (Modifier.isPublic(field.getModifiers())
                        && Modifier.isStatic(field.getModifiers())) {
                    claims.addAll(ofField(type, field));
                }
            }
        }
        claims.addAll(samples());
        return claims;
    }

    /// All layouts of the package.
    static List<Layout> layouts() {
        var layouts = new ArrayList<Layout>();
        for (var type : classes()) {
            for (var field : type.getDeclaredFields()) {
                if (field.getType() == Layout.class && Modifier.isStatic(field.getModifiers())) {
                    layouts.add((Layout) value(field));
                }
            }
        }
        return layouts;
    }

    /// All classes of the package, those inside others included.
    static List<Class<?>> classes() {
        try {
            var root =
                    Path.of(
                            Layout.class
                                    .getProtectionDomain()
                                    .getCodeSource()
                                    .getLocation()
                                    .toURI());
            var folder = root.resolve(Layout.class.getPackageName().replace('.', '/'));
            try (var files = Files.list(folder)) {
                var names =
                        files.map(file -> file.getFileName().toString())
                                .filter(name -> name.endsWith(".class"))
                                .filter(name -> !name.equals("package-info.class"))
                                .map(name -> name.substring(0, name.length() - ".class".length()))
                                .sorted()
                                .toList();
                var classes = new ArrayList<Class<?>>();
                for (var name : names) {
                    classes.add(Class.forName(Layout.class.getPackageName() + "." + name));
                }
                return classes;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException | ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    /// What a layout says of sizes, offsets, and signs.
    static List<Claim> of(Layout layout) {
        var claims = new ArrayList<Claim>();
        var c = STRUCTURES.getOrDefault(layout.name(), layout.name());
        for (var bitness : Bitness.values()) {
            var reading = Reading.of(bitness);
            claims.add(
                    new Claim(reading, "sizeof(" + c + ")", layout.name(), layout.size(bitness)));
            for (var field : layout.fields()) {
                var java = layout.name() + "." + field.name();
                var member = "((" + c + " *)0)->" + field.name();
                claims.add(
                        new Claim(
                                reading,
                                "offsetof(" + c + ", " + field.name() + ")",
                                java,
                                field.offset(bitness)));
                claims.add(
                        new Claim(
                                reading,
                                "sizeof(" + member + ")",
                                java,
                                field.kind().size(bitness)));
                // 5 is gcc's number for a pointer; a handle is a structure with a pointer in it.
                claims.add(
                        field.kind() == FieldKind.HANDLE
                                ? new Claim(
                                        reading,
                                        "__builtin_classify_type(" + member + ".p)",
                                        java,
                                        5)
                                : new Claim(
                                        reading, "((__typeof__(" + member + "))-1 > 0)", java, 1));
            }
        }
        return claims;
    }

    private static List<Claim> ofField(Class<?> type, Field field) {
        var java = type.getSimpleName() + "." + field.getName();
        var value = value(field);
        if (CNames.EXCEPTIONS.containsKey(java)) {
            return List.of();
        }
        return switch (value) {
            case Layout layout -> of(layout);
            case XenErrno error -> both("XEN_" + error.name(), java, error.number());
            case Enum<?> constant when CNames.ENUMS_64.contains(type.getSimpleName()) ->
                    List.of(
                            new Claim(
                                    Reading.HEADERS_64,
                                    (String) call(constant, "xenName"),
                                    java,
                                    (int) call(constant, "number")));
            case Enum<?> constant ->
                    both(
                            CNames.INTERNAL_ENUM_NAMES.getOrDefault(
                                    (String) call(constant, "xenName"),
                                    (String) call(constant, "xenName")),
                            java,
                            (int) call(constant, "number"));
            default -> named(java, number(java, value));
        };
    }

    private static List<Claim> named(String java, long value) {
        var expression = CNames.EXPRESSIONS.get(java);
        if (expression == null) {
            throw new AssertionError(java + " is not in CNames: say what C calls it, or why not");
        }
        for (var reading : Reading.values()) {
            var prefix = reading.label + ":";
            if (expression.startsWith(prefix)) {
                return List.of(
                        new Claim(reading, expression.substring(prefix.length()), java, value));
            }
        }
        return both(expression, java, value);
    }

    /// What methods compute and C computes with macros, at a few points.
    private static List<Claim> samples() {
        var claims = new ArrayList<Claim>();
        for (var word : new long[] {0, 1, 0x20, 0xFF, 0x100, 0x7FF, 0xFF00, 0xFFFFFFFFL}) {
            var flags = new MemoryFlags(word);
            var c = "(" + word + "U)";
            claims.addAll(
                    both(
                            "XENMEMF_get_address_bits" + c,
                            "MemoryFlags.addressBits",
                            flags.addressBits()));
            claims.addAll(both("XENMEMF_get_node" + c, "MemoryFlags.node", flags.node()));
        }
        for (var node : new int[] {0, 1, 7, 254}) {
            var flags = MemoryFlags.NONE.withNode(node);
            claims.addAll(
                    both("XENMEMF_node(" + node + "U)", "MemoryFlags.withNode", flags.word()));
            claims.addAll(
                    both(
                            "XENMEMF_exact_node(" + node + "U)",
                            "MemoryFlags.with",
                            flags.with(MemoryFlags.EXACT_NODE_REQUEST).word()));
        }
        var args = MulticallEntry.LAYOUT.name() + " *)0)->args";
        claims.addAll(
                both(
                        "sizeof(((" + args + ") / sizeof(((" + args + "[0])",
                        "MulticallEntry.ARGS",
                        MulticallEntry.ARGS));
        return claims;
    }

    private static List<Claim> both(String expression, String java, long value) {
        return List.of(
                new Claim(Reading.HEADERS_64, expression, java, value),
                new Claim(Reading.HEADERS_32, expression, java, value));
    }

    private static long number(String java, Object value) {
        return switch (value) {
            case Integer i -> i;
            case Long l -> l;
            case Domid domid -> domid.value();
            case BatchCount count -> count.word();
            case ForeignDomains domains -> domains.word();
            default -> throw new AssertionError(java + " is a constant of an unknown kind");
        };
    }

    private static Object value(Field field) {
        try {
            return field.get(null);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object call(Object target, String method) {
        try {
            return target.getClass().getMethod(method).invoke(target);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(target + " has no " + method, e);
        }
    }
}
