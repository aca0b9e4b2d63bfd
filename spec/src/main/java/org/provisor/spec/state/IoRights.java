// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.state;

import io.vavr.collection.HashSet;
import io.vavr.collection.Set;

import org.provisor.spec.abi.Mfn;

/// What a domain may do with devices.
///
/// @param frames the frames of memory-mapped devices it may map, or with `others` those it may not
/// @param others if not 0, it may map all frames below this number but `frames`, as a hardware
///   domain may
/// @param ports whether it has any I/O port
/// @param devices whether a device is assigned to it
/// @xen xen/arch/x86/include/asm/iocap.h, cache_flush_permitted
public record IoRights(Set<Mfn> frames, long others, boolean ports, boolean devices) {

    /// The right to map these frames and no others.
    public IoRights(Set<Mfn> frames, boolean ports, boolean devices) {
        this(frames, 0, ports, devices);
    }

    /// No devices.
    public static final IoRights NONE = new IoRights(HashSet.empty(), false, false);

    /// Whether it may write caches back and ask for large extents.
    public boolean mayFlushCaches() {
        return others != 0 || !frames.isEmpty() || ports;
    }

    /// Whether its level 1 entries may choose a memory type.
    public boolean mayChooseMemoryType() {
        return mayFlushCaches() || devices;
    }

    /// Whether it may map this frame, which is not ordinary memory.
    public boolean mayMap(Mfn mfn) {
        return others == 0
                ? frames.contains(mfn)
                : Long.compareUnsigned(mfn.value(), others) < 0 && !frames.contains(mfn);
    }
}
