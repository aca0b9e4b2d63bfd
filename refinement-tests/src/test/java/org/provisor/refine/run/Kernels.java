// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.run;

import org.provisor.impl.launch.Clock;
import org.provisor.refine.xen.QemuXen;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/// The kernels that are checked in.
final class Kernels {

    private Kernels() {}

    static byte[] hello() {
        return read("/org/provisor/refine/kernels/hello.elf");
    }

    static byte[] bench() {
        return read("/org/provisor/refine/kernels/bench.elf");
    }

    static byte[] segments() {
        return read("/org/provisor/refine/kernels/segments.elf");
    }

    static byte[] hostile() {
        return read("/org/provisor/refine/kernels/hostile.elf");
    }

    static byte[] together() {
        return read("/org/provisor/refine/kernels/together.elf");
    }

    static byte[] probe() {
        return read("/org/provisor/refine/xen/probe.elf");
    }

    private static byte[] read(final String name) {
        try (InputStream in = QemuXen.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A microsecond passes at each look; sleep takes no time.
    static Clock clock() {
        return new Clock() {
            private long now;

            @Override
            public long nanos() {
                now += 1000;
                return now;
            }

            @Override
            public void sleepUntil(final long nanos) {
                now = Math.max(now, nanos);
            }
        };
    }
}
