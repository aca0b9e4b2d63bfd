// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import static org.provisor.impl.abi.Errno.EINVAL;
import static org.provisor.impl.abi.Errno.ENOSYS;
import static org.provisor.impl.abi.Errno.EOPNOTSUPP;

import org.jspecify.annotations.Nullable;
import org.provisor.impl.Refines;
import org.provisor.impl.abi.DomainIds;
import org.provisor.impl.abi.MemoryOps;

/// `memory_op`: taking memory, giving it back, exchanging it, asking about it.
///
/// @xen xen/common/memory.c, do_memory_op
/// @xen xen/arch/x86/mm.c, arch_memory_op
public final class MemoryOp {

    private MemoryOp() {}

    /// The call.
    ///
    /// @param word the sub-operation in the low six bits, above them the extent to start at
    /// @param arg where its structure is
    /// @return what stands in `rax`
    @Refines("mm.memory-op")
    public static long call(final Vcpu by, final long word, final long arg) {
        final int command = (int) word & MemoryOps.COMMAND_MASK;
        final long start = word >>> MemoryOps.EXTENT_SHIFT;
        return switch (command) {
            case MemoryOps.INCREASE_RESERVATION,
                    MemoryOps.DECREASE_RESERVATION,
                    MemoryOps.POPULATE_PHYSMAP ->
                    by.reservation.call(command, start, arg);
            case MemoryOps.ADD_TO_PHYSMAP -> PhysmapCalls.addOne(by, start, arg);
            case MemoryOps.ADD_TO_PHYSMAP_BATCH -> PhysmapCalls.addBatch(by, start, arg);
            case MemoryOps.EXCHANGE,
                    MemoryOps.CLAIM_PAGES,
                    MemoryOps.MAXIMUM_RAM_PAGE,
                    MemoryOps.CURRENT_RESERVATION,
                    MemoryOps.MAXIMUM_RESERVATION,
                    MemoryOps.MAXIMUM_GPFN,
                    MemoryOps.REMOVE_FROM_PHYSMAP,
                    MemoryOps.GET_VNUMAINFO,
                    MemoryOps.RESERVED_DEVICE_MEMORY_MAP ->
                    start == 0 ? ofAnyProcessor(by, command, arg) : -EINVAL;
            default -> start == 0 ? ofX86(by, command, arg) : -ENOSYS;
        };
    }

    private static long ofAnyProcessor(final Vcpu by, final int command, final long arg) {
        return switch (command) {
            case MemoryOps.EXCHANGE -> by.exchange.call(arg);
            case MemoryOps.CLAIM_PAGES -> Claims.call(by, arg);
            case MemoryOps.MAXIMUM_RAM_PAGE -> MemoryQueries.maximumRamPage(by);
            case MemoryOps.CURRENT_RESERVATION,
                    MemoryOps.MAXIMUM_RESERVATION,
                    MemoryOps.MAXIMUM_GPFN ->
                    MemoryQueries.ofDomain(by, command, arg);
            case MemoryOps.REMOVE_FROM_PHYSMAP -> PhysmapCalls.remove(by, arg);
            default -> -ENOSYS;
        };
    }

    /// Sub-operations that there are only on x86, and whatever else there is not.
    private static long ofX86(final Vcpu by, final int command, final long arg) {
        return switch (command) {
            case MemoryOps.MACHPHYS_MAPPING -> MachphysTable.mapping(by, arg);
            case MemoryOps.MACHPHYS_MFN_LIST -> MachphysTable.frames(by, arg);
            case MemoryOps.MACHPHYS_COMPAT_MFN_LIST -> compatFrames();
            case MemoryOps.MEMORY_MAP -> MemoryMaps.get(by, arg);
            case MemoryOps.SET_MEMORY_MAP -> MemoryMaps.set(by, arg);
            case MemoryOps.MACHINE_MEMORY_MAP -> MemoryQueries.machineMap(by);
            // No frame is shared copy-on-write.
            case MemoryOps.GET_SHARING_FREED_PAGES, MemoryOps.GET_SHARING_SHARED_PAGES -> 0;
            default -> -ENOSYS;
        };
    }

    /// Without 32-bit guests there is no table for them.
    @Refines("mm.machphys.compat-frames")
    private static long compatFrames() {
        return -EOPNOTSUPP;
    }

    /// The domain that a structure names, dying or not.
    ///
    /// @xen xen/common/domain.c, rcu_lock_domain_by_any_id
    @Refines("mm.memory-op.domain")
    static @Nullable Domain domain(final Vcpu by, final int named) {
        return named == DomainIds.SELF ? by.domain : by.host.domain(named);
    }
}
