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

    private final Target target;
    private final Map<String, byte[]> given;
    private final boolean sharing;

    private SeededLoader(Target target, Map<String, byte[]> given) {
        super(target.module(), SeededLoader.class.getClassLoader());
        this.target = target;
        this.given = Map.copyOf(given);
        sharing = given.keySet().stream().noneMatch(name -> startsWith(name, target.shared()));
    }

    /// A new object of a class that is loaded together with the module.
    ///
    /// @param given the classes that are not as they were built, by name
    /// @param type the type by which the object is known outside
    /// @param name the class; it has a constructor without arguments
    public static <T> T load(Target target, Map<String, byte[]> given, Class<T> type, String name) {
        try {
            Class<?> loaded = new SeededLoader(target, given).loadClass(name);
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
        if (!startsWith(name, target.loaded()) || (sharing && startsWith(name, target.shared()))) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded == null) {
                byte[] bytes = given.get(name);
                bytes = target.prepared(name, bytes == null ? built(getParent(), name) : bytes);
                // Some look for their like beside where they are.
                ProtectionDomain place = getParent().loadClass(name).getProtectionDomain();
                loaded = defineClass(name, bytes, 0, bytes.length, place);
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
