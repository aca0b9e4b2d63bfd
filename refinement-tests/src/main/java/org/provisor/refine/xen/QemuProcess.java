// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.xen;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.xen.XenLostException.Kind;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// One QEMU and its console. It ends with this, at the latest when this virtual machine ends, in
/// whatever way: a shell between them waits for its standard input to be closed.
final class QemuProcess implements AutoCloseable {

    /// Runs a program with nothing on its standard input; ends it when the shell's own is closed.
    private static final String WATCHED =
            "exec 3<&0; \"$@\" </dev/null 3<&- & q=$!; "
                    + "{ read -r _ <&3; kill -9 $q; } 2>/dev/null & r=$!; exec 3<&-; "
                    + "wait $q; s=$?; kill $r 2>/dev/null; exit $s";

    private static final Set<QemuProcess> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(QemuProcess::closeAll, "stop-machines"));
    }

    private static void closeAll() {
        RUNNING.forEach(QemuProcess::close);
        SharedFiles.closeAll();
    }

    private final Process process;
    private final Console console;
    private final String commandLine;

    /// @param heard told each line of the console, by a thread of its own
    QemuProcess(List<String> command, Consumer<String> heard) throws IOException {
        commandLine = String.join(" ", command);
        List<String> watched = new ArrayList<>(List.of("/bin/sh", "-c", WATCHED, "sh"));
        watched.addAll(command);
        process = new ProcessBuilder(watched).redirectErrorStream(true).start();
        RUNNING.add(this);
        console = new Console(process.getInputStream(), heard);
    }

    Console console() {
        return console;
    }

    /// How it has ended, or null while it goes on.
    @Nullable Kind ending() {
        Kind said = console.ending();
        return said != null || process.isAlive() ? said : Kind.EXITED;
    }

    /// That it is lost, with what it has said.
    XenLostException lost(Kind kind, String what) {
        // What explains it may still be on its way.
        for (int i = 0; i < 50 && !console.closed(); i++) {
            LockSupport.parkNanos(2_000_000);
        }
        Kind said = console.ending();
        return new XenLostException(
                said == null ? kind : said,
                (said == null ? kind : said) + ": " + what + "; started by " + commandLine,
                console.last());
    }

    /// The processes: the shell, then those that it started.
    Stream<ProcessHandle> handles() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants());
    }

    /// Ends QEMU as if it had ended by itself.
    void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public void close() {
        RUNNING.remove(this);
        try (OutputStream standing = process.getOutputStream()) {
            standing.flush();
        } catch (IOException e) {
            // The shell is gone already.
        }
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                kill();
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            kill();
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
