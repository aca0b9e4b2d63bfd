// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.Scene.D0;
import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.Invocation.MemoryOpCall;
import org.provisor.spec.abi.MemoryCommand;
import org.provisor.spec.abi.MemoryOpWord;
import org.provisor.spec.transition.Event;

/// Examples of which sub-operation of `memory_op` a word means.
final class MemoryOpExamples {

    /// What x86 adds to Xen's common sub-operations.
    private static final Vector<MemoryCommand> OF_X86 =
            Vector.of(
                    MemoryCommand.MACHPHYS_MFN_LIST,
                    MemoryCommand.MEMORY_MAP,
                    MemoryCommand.MACHINE_MEMORY_MAP,
                    MemoryCommand.MACHPHYS_MAPPING,
                    MemoryCommand.SET_MEMORY_MAP,
                    MemoryCommand.SET_POD_TARGET,
                    MemoryCommand.GET_POD_TARGET,
                    MemoryCommand.GET_SHARING_FREED_PAGES,
                    MemoryCommand.GET_SHARING_SHARED_PAGES,
                    MemoryCommand.PAGING_OP,
                    MemoryCommand.SHARING_OP,
                    MemoryCommand.MACHPHYS_COMPAT_MFN_LIST);

    /// The common ones that have no extents.
    private static final Vector<MemoryCommand> WHOLE =
            Vector.of(
                    MemoryCommand.MAXIMUM_RAM_PAGE,
                    MemoryCommand.CURRENT_RESERVATION,
                    MemoryCommand.MAXIMUM_RESERVATION,
                    MemoryCommand.EXCHANGE,
                    MemoryCommand.MAXIMUM_GPFN,
                    MemoryCommand.REMOVE_FROM_PHYSMAP,
                    MemoryCommand.CLAIM_PAGES,
                    MemoryCommand.GET_VNUMAINFO,
                    MemoryCommand.RESERVED_DEVICE_MEMORY_MAP);

    private static final Vector<MemoryCommand> UNSPECIFIED =
            Vector.of(
                    MemoryCommand.SET_POD_TARGET,
                    MemoryCommand.GET_POD_TARGET,
                    MemoryCommand.ACCESS_OP,
                    MemoryCommand.GET_VNUMAINFO,
                    MemoryCommand.RESERVED_DEVICE_MEMORY_MAP,
                    MemoryCommand.ACQUIRE_RESOURCE);

    private MemoryOpExamples() {}

    static Vector<Example> all() {
        return Vector.of(
                        unknown(8, 0, "number 8 was a sub-operation once and is none"),
                        unknown(29, 0, "number 29 is no sub-operation"),
                        unknown(63, 1, "number 63 is none, wherever it starts"),
                        highest(),
                        compat())
                .appendAll(OF_X86.map(MemoryOpExamples::wholeWord))
                .appendAll(WHOLE.map(MemoryOpExamples::noExtents))
                .append(leftOut(MemoryCommand.PAGING_OP))
                .append(leftOut(MemoryCommand.SHARING_OP))
                .append(noneShared(MemoryCommand.GET_SHARING_FREED_PAGES))
                .append(noneShared(MemoryCommand.GET_SHARING_SHARED_PAGES))
                .appendAll(UNSPECIFIED.map(MemoryOpExamples::unspecified));
    }

    private static Example unknown(long number, long extent, String title) {
        MemoryOpCall call = new MemoryOpCall(new MemoryOpWord(number), MemoryCalls.ARG);
        return Example.of(
                        "mm.memory-op/a",
                        title,
                        Scene.usual(),
                        D1,
                        new Event.Call(call.from(extent)))
                .answers("returns -38 ENOSYS");
    }

    private static Example wholeWord(MemoryCommand command) {
        return MemoryCalls.from(
                        1,
                        D0,
                        "mm.memory-op/b",
                        command.xenName() + " at an extent is unknown to x86",
                        Scene.usual(),
                        command)
                .answers("returns -38 ENOSYS");
    }

    private static Example noExtents(MemoryCommand command) {
        return MemoryCalls.from(
                        1,
                        D0,
                        "mm.memory-op/c",
                        command.xenName() + " has no extents to start at",
                        Scene.usual(),
                        command)
                .answers("returns -22 EINVAL");
    }

    private static Example leftOut(MemoryCommand command) {
        return MemoryCalls.by(
                        D0,
                        "mm.memory-op/d",
                        command.xenName() + " is not built in",
                        Scene.usual(),
                        command)
                .answers("returns -38 ENOSYS");
    }

    private static Example noneShared(MemoryCommand command) {
        return MemoryCalls.by(
                        D1,
                        "mm.memory-op/e",
                        command.xenName() + " finds none, since no domain shares memory",
                        Scene.usual(),
                        command)
                .answers("returns 0");
    }

    private static Example unspecified(MemoryCommand command) {
        return MemoryCalls.by(
                        D0,
                        "mm.memory-op/f",
                        "what " + command.xenName() + " does is not said here",
                        Scene.usual(),
                        command)
                .answers("not specified: " + command.xenName());
    }

    private static Example highest() {
        return MemoryCalls.by(
                        D1,
                        "mm.memory-op/g",
                        "any guest may ask how many frames the machine has",
                        Scene.usual(),
                        MemoryCommand.MAXIMUM_RAM_PAGE)
                .answers("returns 64");
    }

    private static Example compat() {
        return MemoryCalls.by(
                        D0,
                        "mm.memory-op/g",
                        "there is no machine-to-physical table for 32-bit guests",
                        Scene.usual(),
                        MemoryCommand.MACHPHYS_COMPAT_MFN_LIST)
                .answers("returns -95 EOPNOTSUPP");
    }
}
