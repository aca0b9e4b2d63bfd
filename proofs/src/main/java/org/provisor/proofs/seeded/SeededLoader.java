// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.seeded;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.security.ProtectionDomain;
import java.util.List;
import java.util.Map;

/// Loads a module, and what judges it, once more: some classes as given, the others from the same
/// bytes as everywhere.
public final class SeededLoader extends ClassLoader {

    static {
        registerAsParallelCapable();
    }

    private final List<String> loaded;
    private final List<String> shared;
    private final Map<String, byte[]> given;
    private final Preparation prepared;

    private SeededLoader(
            List<String> loaded,
            List<String> shared,
            Map<String, byte[]> given,
            Preparation prepared) {
        super("seeded", SeededLoader.class.getClassLoader());
        this.loaded = loaded;
        this.shared =
                given.keySet().stream().anyMatch(name -> startsWith(name, shared))
                        ? List.of()
                        : shared;
        this.given = Map.copyOf(given);
        this.prepared = prepared;
    }

    /// What is done to a class's bytes as it is loaded.
    public interface Preparation {

        byte[] of(String name, byte[] bytes);
    }

    /// A new object of a class that is loaded together with the module.
    ///
    /// @param given the classes that are not as they were built, by name
    /// @param type the type by which the object is known outside
    /// @param name the class; it has a constructor without arguments
    public static <T> T load(Target target, Map<String, byte[]> given, Class<T> type, String name) {
        return made(
                new SeededLoader(target.loaded(), target.shared(), given, target::prepared),
                type,
                name);
    }

    /// The same for other classes than those of a module.
    ///
    /// @param packages of the classes that are loaded, each with a dot at its end
    /// @param prepared what is done to each of them as it is loaded
    public static <T> T load(
            List<String> packages,
            Map<String, byte[]> given,
            Preparation prepared,
            Class<T> type,
            String name) {
        return made(new SeededLoader(packages, List.of(), given, prepared), type, name);
    }

    private static <T> T made(SeededLoader loader, Class<T> type, String name) {
        try {
            Class<?> loaded = loader.loadClass(name);
            return type.cast(loaded.getConstructor().newInstance());
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
        if (!startsWith(name, loaded) || startsWith(name, shared)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> found = findLoadedClass(name);
            if (found == null) {
                byte[] bytes = given.get(name);
                bytes = prepared.of(name, bytes == null ? built(getParent(), name) : bytes);
                // Some look for their like beside where they are.
                ProtectionDomain place = getParent().loadClass(name).getProtectionDomain();
                found = defineClass(name, bytes, 0, bytes.length, place);
            }
            return found;
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
