// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.explore;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/// The directory in which an exploration is kept, held by one run at a time.
final class Directory implements AutoCloseable {

    private final Path path;
    private final FileChannel lock;

    private Directory(final Path path, final FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /// Creates the directory if it is absent, and locks it.
    static Directory open(final Path path) {
        try {
            Files.createDirectories(path);
            final FileChannel lock =
                    FileChannel.open(
                            path.resolve("lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            if (locked(lock)) {
                return new Directory(path, lock);
            }
            lock.close();
        } catch (IOException e) {
            throw new ExplorationException("cannot keep an exploration in " + path + ": " + e, e);
        }
        throw new ExplorationException(path + " is in use by another exploration");
    }

    private static boolean locked(final FileChannel lock) throws IOException {
        try {
            return lock.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    Path stateLog() {
        return path.resolve("states.log");
    }

    /// Where the exploration of `world` was left; null if it was not begun.
    ///
    /// @throws ExplorationException if the directory holds another exploration
    @Nullable Checkpoint checkpoint(final World world) {
        final Path file = path.resolve("checkpoint");
        if (!Files.exists(file)) {
            return null;
        }
        final Checkpoint left = Checkpoint.read(file);
        if (!left.configuration().equals(world.configuration())) {
            throw new ExplorationException(
                    String.format(
                            Locale.ROOT,
                            "%s holds the exploration of \"%s\", not of \"%s\"",
                            path,
                            left.configuration(),
                            world.configuration()));
        }
        if (left.width() != world.width() || !left.kinds().equals(world.kinds())) {
            throw new ExplorationException(
                    path
                            + " holds an exploration with states of another width or with other"
                            + " kinds of actions");
        }
        return left;
    }

    void write(final Checkpoint checkpoint) {
        checkpoint.write(path.resolve("checkpoint"));
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new ExplorationException("cannot unlock " + path + ": " + e, e);
        }
    }
}
