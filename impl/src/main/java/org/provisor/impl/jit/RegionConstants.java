// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.jit;

import org.provisor.impl.cpu.FastMemory;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/// What a class of a region finds when it is initialised, and keeps in constants. HotSpot knows
/// then where the entries are and how many there are, and does not look.
final class RegionConstants {

    private static final ThreadLocal<RegionServices> SERVICES = new ThreadLocal<>();

    private RegionConstants() {}

    /// Has classes that this thread initialises use something from now on.
    static void set(final RegionServices services) {
        SERVICES.set(services);
    }

    /// Lets go of it.
    static void clear() {
        SERVICES.remove();
    }

    static RegionServices services() {
        return Objects.requireNonNull(SERVICES.get());
    }

    private static FastMemory memory() {
        return services().memory();
    }

    static long[] reads() {
        return memory().readEntries();
    }

    static long[] writes() {
        return memory().writeEntries();
    }

    static long[] attention() {
        return memory().attention();
    }

    static MemorySegment everywhere() {
        return memory().everywhere();
    }
}
