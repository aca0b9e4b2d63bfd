// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import static org.provisor.spec.abi.XenErrno.EINVAL;
import static org.provisor.spec.abi.XenErrno.ENOSYS;

import io.vavr.control.Option;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.Invocation.MemoryOpCall;
import org.provisor.spec.abi.MemoryCommand;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.notation.Result;
import org.provisor.spec.state.Outcome;
import org.provisor.spec.state.Step;

/// `memory_op`: taking memory, giving it back, exchanging it, asking about it.
///
/// All domains are paravirtual; none shares memory copy-on-write, pages it out or has nodes.
///
/// @xen xen/common/memory.c, do_memory_op
/// @xen xen/arch/x86/mm.c, arch_memory_op
public final class MemoryOp {

    private MemoryOp() {}

    /// Does the call `memory_op`.
    ///
    /// | row | the sub-operation                                           | outcome          |
    /// |-----|-------------------------------------------------------------|------------------|
    /// | a   | is unknown                                                  | `ENOSYS`         |
    /// | b   | is one of x86 alone, and starts at another extent than none | `ENOSYS`         |
    /// | c   | cannot be preempted by extents, and starts at another       | `EINVAL`         |
    /// | d   | is for what Xen was built without                           | `ENOSYS`         |
    /// | e   | asks for frames shared copy-on-write                        | none             |
    /// | f   | is not in this specification                                | not specified    |
    /// | g   | is another                                                  | as its rule says |
    ///
    /// Rows a and b are one to Xen: the sub-operations of x86 are told apart by the whole word.
    @Clause(
            value = "mm.memory-op",
            rows = {"a", "b", "c", "d", "e", "f", "g"},
            covers = {"CNT-1"})
    public static Outcome call(Step at, MemoryOpCall call) {
        Option<MemoryCommand> known = call.cmd().command();
        if (known.isEmpty()) {
            return Outcome.returning(at.refuse("mm.memory-op/a", ENOSYS));
        }
        MemoryCommand command = known.get();
        Step started = call.cmd().startExtent() == 0 ? at : startedLater(at, command);
        if (started.failed()) {
            return Outcome.returning(started);
        }
        Step of = at.row("mm.memory-op/g");
        return switch (command) {
            case INCREASE_RESERVATION -> Reservation.call(of, call, Reservation.Kind.INCREASE);
            case DECREASE_RESERVATION -> Reservation.call(of, call, Reservation.Kind.DECREASE);
            case POPULATE_PHYSMAP -> Reservation.call(of, call, Reservation.Kind.POPULATE);
            case EXCHANGE -> Exchange.call(of, call);
            case CLAIM_PAGES -> Claims.call(of, call);
            case MAXIMUM_RAM_PAGE -> MemoryQueries.maximumRamPage(of);
            case CURRENT_RESERVATION ->
                    MemoryQueries.ofDomain(of, call, MemoryQueries.Question.CURRENT_RESERVATION);
            case MAXIMUM_RESERVATION ->
                    MemoryQueries.ofDomain(of, call, MemoryQueries.Question.MAXIMUM_RESERVATION);
            case MAXIMUM_GPFN ->
                    MemoryQueries.ofDomain(of, call, MemoryQueries.Question.MAXIMUM_GPFN);
            case MACHPHYS_MAPPING -> MachphysTable.mapping(of, call);
            case MACHPHYS_MFN_LIST -> MachphysTable.frames(of, call);
            case MACHPHYS_COMPAT_MFN_LIST -> MachphysTable.compatFrames(of);
            case MEMORY_MAP -> MemoryMaps.get(of, call);
            case SET_MEMORY_MAP -> MemoryMaps.set(of, call);
            case MACHINE_MEMORY_MAP -> MemoryQueries.machineMap(of);
            case ADD_TO_PHYSMAP -> PhysmapCalls.addOne(of, call);
            case ADD_TO_PHYSMAP_BATCH -> PhysmapCalls.addBatch(of, call);
            case REMOVE_FROM_PHYSMAP -> PhysmapCalls.remove(of, call);
            case PAGING_OP, SHARING_OP -> Outcome.returning(at.refuse("mm.memory-op/d", ENOSYS));
            case GET_SHARING_FREED_PAGES, GET_SHARING_SHARED_PAGES ->
                    Outcome.returning(at.row("mm.memory-op/e"), 0);
            case ACCESS_OP,
                    ACQUIRE_RESOURCE,
                    GET_VNUMAINFO,
                    SET_POD_TARGET,
                    GET_POD_TARGET,
                    RESERVED_DEVICE_MEMORY_MAP ->
                    Outcome.returning(
                            at.ending(new Result.Unspecified(command.xenName()))
                                    .row("mm.memory-op/f"));
        };
    }

    /// What a start at another extent than none means.
    private static Step startedLater(Step at, MemoryCommand command) {
        return switch (command) {
            case INCREASE_RESERVATION,
                    DECREASE_RESERVATION,
                    POPULATE_PHYSMAP,
                    ADD_TO_PHYSMAP,
                    ADD_TO_PHYSMAP_BATCH,
                    ACCESS_OP,
                    ACQUIRE_RESOURCE ->
                    at;
            case MACHPHYS_MFN_LIST,
                    MACHPHYS_COMPAT_MFN_LIST,
                    MACHPHYS_MAPPING,
                    MEMORY_MAP,
                    SET_MEMORY_MAP,
                    MACHINE_MEMORY_MAP,
                    SET_POD_TARGET,
                    GET_POD_TARGET,
                    GET_SHARING_FREED_PAGES,
                    GET_SHARING_SHARED_PAGES,
                    PAGING_OP,
                    SHARING_OP ->
                    at.refuse("mm.memory-op/b", ENOSYS);
            case EXCHANGE,
                    CLAIM_PAGES,
                    MAXIMUM_RAM_PAGE,
                    CURRENT_RESERVATION,
                    MAXIMUM_RESERVATION,
                    MAXIMUM_GPFN,
                    REMOVE_FROM_PHYSMAP,
                    GET_VNUMAINFO,
                    RESERVED_DEVICE_MEMORY_MAP ->
                    at.refuse("mm.memory-op/c", EINVAL);
        };
    }

    /// Finds the domain that a structure names: the caller for `DOMID_SELF`, else the one with this
    /// identifier, if there is one. A dying domain is one.
    ///
    /// @xen xen/common/domain.c, rcu_lock_domain_by_any_id
    @Clause("mm.memory-op.domain")
    static Option<Domid> domain(Step at, Domid named) {
        if (named.equals(Domid.SELF)) {
            return Option.some(at.by().domain());
        }
        return at.machine().has(named) ? Option.some(named) : Option.none();
    }
}
