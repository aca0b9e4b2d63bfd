// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.xen;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// A directory, in memory where there is such, of files by which a machine is started. A lock on
/// one of them says that whoever made it still runs: the next to make one removes those whose maker
/// was killed. Names have the number of the process, which may not look at its own locks, whichever
/// class loader made them.
final class SharedFiles implements AutoCloseable {

    private static final String PREFIX = "provisor-xen-";
    private static final String OWN = PREFIX + ProcessHandle.current().pid() + "-";
    private static final String OWNER = "owner";

    private static final Set<SharedFiles> OPEN = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel owner;

    private SharedFiles(Path directory, FileChannel owner) {
        this.directory = directory;
        this.owner = owner;
    }

    static SharedFiles create() throws IOException {
        Path shared = Path.of("/dev/shm");
        return create(
                Files.isDirectory(shared) ? shared : Path.of(System.getProperty("java.io.tmpdir")));
    }

    /// The same in a directory in which only such are removed.
    static SharedFiles create(Path parent) throws IOException {
        removeLeft(parent);
        Path directory = Files.createTempDirectory(parent, OWN);
        // Nobody finds it without the lock.
        Path locking = directory.resolve("locking");
        FileChannel channel =
                FileChannel.open(locking, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        SharedFiles made = new SharedFiles(directory, channel);
        OPEN.add(made);
        channel.lock();
        Files.move(locking, directory.resolve(OWNER), StandardCopyOption.ATOMIC_MOVE);
        return made;
    }

    /// Removes all of this process.
    static void closeAll() {
        OPEN.forEach(SharedFiles::close);
    }

    private static void removeLeft(Path parent) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path directory : all) {
                // To look at one's own lock would end it.
                boolean own = directory.getFileName().toString().startsWith(OWN);
                if (!own && left(directory.resolve(OWNER))) {
                    remove(directory);
                }
            }
        }
    }

    private static boolean left(Path owner) {
        try (FileChannel channel = FileChannel.open(owner, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock != null;
        } catch (IOException e) {
            // Another user's, or not there yet, or not there any more.
            return false;
        }
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    @Override
    public void close() {
        OPEN.remove(this);
        remove(directory);
        try {
            owner.close();
        } catch (IOException e) {
            // The lock ends with the process.
        }
    }

    private static void remove(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // It is gone already.
        }
    }
}
