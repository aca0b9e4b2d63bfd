// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.program;

import java.util.List;

/// The machine on which a program starts.
///
/// @param frames how many frames it has, Xen's own included
/// @param deviceFrames how many of them are a device's; the last is one that no guest may write
/// @param linearTables whether tables may refer to tables of their own level
/// @param processors how many processors
/// @param domains the domains; vCPUs run on processors in turn
/// @param heavy frames that start with so many references that a counter is near its end
public record World(
        int frames,
        int deviceFrames,
        boolean linearTables,
        int processors,
        List<DomainSetup> domains,
        List<Heavy> heavy) {

    /// A domain.
    ///
    /// @param id its identifier
    /// @param privileged whether it is the control and hardware domain
    /// @param target the domain it may act on besides itself, or -1
    /// @param pages how many frames it is given
    /// @param shared how many frames Xen shares with it
    /// @param maxPages how many frames it may have
    /// @param vcpus how many vCPUs
    /// @param idle how many of them, the last, are not initialised
    /// @param devices whether it may map the device's frames
    /// @param ports whether it has I/O ports
    /// @param assigned whether a device is assigned to it
    public record DomainSetup(
            int id,
            boolean privileged,
            int target,
            int pages,
            int shared,
            long maxPages,
            int vcpus,
            int idle,
            boolean devices,
            boolean ports,
            boolean assigned) {

        public DomainSetup {
            if (idle < 0 || (idle > 0 && idle >= vcpus)) {
                throw new IllegalArgumentException("of " + vcpus + " vCPUs, idle: " + idle);
            }
        }

        /// One whose vCPUs are all up.
        public DomainSetup(
                int id,
                boolean privileged,
                int target,
                int pages,
                int shared,
                long maxPages,
                int vcpus,
                boolean devices,
                boolean ports,
                boolean assigned) {
            this(
                    id,
                    privileged,
                    target,
                    pages,
                    shared,
                    maxPages,
                    vcpus,
                    0,
                    devices,
                    ports,
                    assigned);
        }

        /// Whether a vCPU starts initialised, and up.
        public boolean up(int vcpu) {
            return vcpu < vcpus - idle;
        }
    }

    /// A frame, writable-typed, that starts with many references besides the owner's.
    ///
    /// @param frame which
    /// @param references how many general references it has in all
    /// @param typeReferences how many of them are to the type writable
    public record Heavy(FrameName frame, long references, long typeReferences) {}
}
