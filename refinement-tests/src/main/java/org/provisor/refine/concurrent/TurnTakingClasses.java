// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.concurrent;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.util.List;

/// The implementation, and what compares it, once more: with [SwitchPoints] in it.
public class TurnTakingClasses extends ClassLoader {

    static {
        registerAsParallelCapable();
    }

    private static final List<String> LOADED =
            List.of(SwitchPoints.PACKAGES, "org.provisor.refine.");

    /// What goes between these classes and the others.
    private static final List<Class<?>> SHARED =
            List.of(
                    ConcurrentRounds.class,
                    ConcurrentResult.class,
                    Unexplained.class,
                    Races.class,
                    RaceResult.class,
                    RaceResult.Finding.class);

    protected TurnTakingClasses() {
        super("turns", TurnTakingClasses.class.getClassLoader());
    }

    /// Rounds on these classes.
    final ConcurrentRounds rounds() {
        return (ConcurrentRounds) made(ConcurrentRun.class);
    }

    /// Races on these classes.
    final Races races() {
        return (Races) made(DirectedRaces.class);
    }

    private Object made(Class<?> type) {
        try {
            return loadClass(type.getName()).getConstructor().newInstance();
        } catch (ClassNotFoundException
                | NoSuchMethodException
                | InstantiationException
                | IllegalAccessException
                | InvocationTargetException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A class of the implementation, before points are put into it.
    ///
    /// @param bytes as it was built
    protected byte[] changed(String name, byte[] bytes) {
        return bytes;
    }

    @Override
    protected final Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (LOADED.stream().noneMatch(name::startsWith)
                || SHARED.stream().anyMatch(shared -> shared.getName().equals(name))) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            byte[] bytes = built(name);
            if (name.startsWith(SwitchPoints.PACKAGES)) {
                bytes = SwitchPoints.in(changed(name, bytes));
            }
            return defineClass(name, bytes, 0, bytes.length);
        }
    }

    private byte[] built(String name) throws ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
