// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.xen;

import org.jspecify.annotations.Nullable;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/// The last lines of a console, read by a thread of its own, and whether Xen said there that it is
/// over.
final class Console {

    private static final int KEPT = 60;

    private final Deque<String> lines = new ArrayDeque<>();
    private final Consumer<String> listener;
    private volatile XenLostException.@Nullable Kind ending;
    private volatile boolean closed;

    Console(InputStream from, Consumer<String> listener) {
        this.listener = listener;
        Thread reader = new Thread(() -> read(from), "xen-console");
        reader.setDaemon(true);
        reader.start();
    }

    private void read(InputStream from) {
        try (var in =
                new BufferedReader(new InputStreamReader(from, StandardCharsets.ISO_8859_1))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                add(line.stripTrailing());
            }
        } catch (IOException | UncheckedIOException e) {
            add("console: " + e);
        }
        closed = true;
    }

    private void add(String line) {
        synchronized (lines) {
            if (lines.size() == KEPT) {
                lines.removeFirst();
            }
            lines.addLast(line);
        }
        if (ending == null) {
            ending = ending(line);
        }
        listener.accept(line);
    }

    private static XenLostException.@Nullable Kind ending(String line) {
        if (line.contains("Panic on CPU") || line.contains("Xen BUG at")) {
            return XenLostException.Kind.PANIC;
        }
        if ((line.contains("Domain 0 (vcpu#") && line.contains("crashed"))
                || line.contains("Hardware Dom0 crashed")) {
            return XenLostException.Kind.DOMAIN_CRASHED;
        }
        return null;
    }

    /// What Xen said of its end, or null while it goes on.
    XenLostException.@Nullable Kind ending() {
        return ending;
    }

    boolean closed() {
        return closed;
    }

    List<String> last() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }
}
