// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.seeded;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Map;

/// Loads the specification, and what judges it, once more: some classes as given, the others from
/// the same bytes as everywhere.
final class RuleLoader extends ClassLoader {

    static {
        registerAsParallelCapable();
    }

    /// Everything that can have an error in it, or lead to something that has.
    private static final List<String> EVERYTHING =
            List.of(
                    "org.provisor.spec.",
                    "org.provisor.proofs.explore.",
                    "org.provisor.proofs.smallworld.",
                    "org.provisor.proofs.seeded.loaded.");

    /// What leads to no rule. It is shared by all while it has no error itself, so that it need not
    /// be loaded and warmed up each time.
    static final List<String> BELOW_RULES =
            List.of(
                    "org.provisor.spec.notation.",
                    "org.provisor.spec.abi.",
                    "org.provisor.spec.x86.",
                    "org.provisor.spec.state.",
                    "org.provisor.spec.invariant.",
                    "org.provisor.proofs.explore.");

    private static final String RULES = "org.provisor.proofs.seeded.loaded.LoadedRules";

    private final Map<String, byte[]> given;
    private final boolean onlyRules;

    private RuleLoader(Map<String, byte[]> given) {
        super("rules", RuleLoader.class.getClassLoader());
        this.given = Map.copyOf(given);
        onlyRules = given.keySet().stream().noneMatch(name -> startsWith(name, BELOW_RULES));
    }

    /// The rules with some classes as given.
    static Rules load(Map<String, byte[]> given) {
        try {
            return (Rules) new RuleLoader(given).loadClass(RULES).getConstructor().newInstance();
        } catch (ClassNotFoundException
                | NoSuchMethodException
                | InstantiationException
                | IllegalAccessException
                | InvocationTargetException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!startsWith(name, EVERYTHING) || (onlyRules && startsWith(name, BELOW_RULES))) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded == null) {
                byte[] bytes = given.get(name);
                bytes = bytes == null ? built(getParent(), name) : bytes;
                loaded = defineClass(name, bytes, 0, bytes.length);
            }
            return loaded;
        }
    }

    private static boolean startsWith(String name, List<String> packages) {
        return packages.stream().anyMatch(name::startsWith);
    }

    /// The bytes of a class as it was built.
    static byte[] built(ClassLoader loader, String name) throws ClassNotFoundException {
        try (InputStream in = loader.getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
