// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.abi.MemoryCommand.ADD_TO_PHYSMAP;
import static org.provisor.spec.abi.MemoryCommand.ADD_TO_PHYSMAP_BATCH;
import static org.provisor.spec.abi.MemoryCommand.REMOVE_FROM_PHYSMAP;
import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.Bytes;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.MemoryCommand;

/// Examples of which bytes of a structure are looked at: all must be readable, and those between
/// and after the fields say nothing.
final class StructureExamples {

    private static final long RANGE = 3;
    private static final long FOREIGN = 4;

    private StructureExamples() {}

    static Vector<Example> all() {
        return shorter().appendAll(between());
    }

    private static Example call(String row, String title, MemoryCommand command, Bytes bytes) {
        return MemoryCalls.by(
                D1,
                "mm.physmap." + row,
                title,
                Scene.usual().structure(MemoryCalls.ARG, bytes),
                command);
    }

    private static Bytes of(int size) {
        return Bytes.zero(size).with(0, 2, Domid.SELF.value());
    }

    private static Vector<Example> shorter() {
        return Vector.of(
                call(
                                "add-one/b",
                                "what to map is readable to its last byte",
                                ADD_TO_PHYSMAP,
                                of(23))
                        .answers("returns -14 EFAULT"),
                call(
                                "add-batch/b",
                                "a batch is readable to its last byte",
                                ADD_TO_PHYSMAP_BATCH,
                                of(31))
                        .answers("returns -14 EFAULT"),
                call(
                                "remove/a",
                                "what to unmap is readable to its last byte",
                                REMOVE_FROM_PHYSMAP,
                                of(15))
                        .answers("returns -14 EFAULT"));
    }

    private static Vector<Example> between() {
        return Vector.of(
                call(
                                "add-one/c",
                                "what follows the space is not a part of it",
                                ADD_TO_PHYSMAP,
                                of(24).with(4, 4, FOREIGN).with(8, 8, -1))
                        .answers("returns -38 ENOSYS"),
                call(
                                "add-one/e",
                                "what follows the domain is not a part of it",
                                ADD_TO_PHYSMAP,
                                of(24).with(2, 2, 0xFFFF))
                        .answers("returns -13 EACCES"),
                call(
                                "add-batch/c",
                                "what follows the space of a batch is not a part of it",
                                ADD_TO_PHYSMAP_BATCH,
                                of(32).with(2, 2, RANGE).with(4, 4, 0xFFFF))
                        .answers("returns -95 EOPNOTSUPP"),
                call(
                                "remove/c",
                                "what follows the domain to unmap from is not a part of it",
                                REMOVE_FROM_PHYSMAP,
                                of(16).with(2, 2, 0xFFFF))
                        .answers("returns -13 EACCES"));
    }
}
