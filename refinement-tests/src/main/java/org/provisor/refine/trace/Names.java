// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.trace;

import org.jspecify.annotations.Nullable;
import org.provisor.spec.abi.Hypercall;
import org.provisor.spec.abi.MemoryCommand;
import org.provisor.spec.abi.MemoryOpWord;

/// What traces call hypercalls and what they do: Xen's names, without what they all start with.
final class Names {

    private static final String HYPERCALL = "__HYPERVISOR_";
    private static final String MEMORY = "XENMEM_";

    private Names() {}

    /// The name of a call, or null.
    static @Nullable String call(long number) {
        for (Hypercall call : Hypercall.values()) {
            if (call.number() == number) {
                return call.xenName().substring(HYPERCALL.length());
            }
        }
        return null;
    }

    /// The number of a call, or -1.
    static long call(String name) {
        for (Hypercall call : Hypercall.values()) {
            if (call.xenName().equals(HYPERCALL + name)) {
                return call.number();
            }
        }
        return -1;
    }

    static boolean isMemoryOp(long number) {
        return number == Hypercall.MEMORY_OP.number();
    }

    /// What `memory_op` is to do and at which extent it starts, or null if it is unknown.
    static @Nullable String memory(long word) {
        MemoryOpWord asked = new MemoryOpWord(word);
        long start = asked.startExtent();
        return asked.command().isEmpty()
                ? null
                : asked.command().get().xenName().substring(MEMORY.length())
                        + (start == 0 ? "" : "@" + Numbers.text(start));
    }

    /// The word for what `memory_op` is to do, without the extent; -1 if there is none of the name.
    static long memory(String name) {
        for (MemoryCommand command : MemoryCommand.values()) {
            if (command.xenName().equals(MEMORY + name)) {
                return command.number();
            }
        }
        return -1;
    }
}
