// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.abi.MemoryCommand.ADD_TO_PHYSMAP;
import static org.provisor.spec.abi.MemoryCommand.ADD_TO_PHYSMAP_BATCH;
import static org.provisor.spec.abi.MemoryCommand.REMOVE_FROM_PHYSMAP;
import static org.provisor.spec.example.Scene.D0;
import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.Bytes;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.MemoryCommand;

/// Examples of the calls that change a physmap, which no paravirtual domain has.
final class PhysmapExamples {

    private static final int GRANT_TABLE = 1;
    private static final int GMFN_RANGE = 3;
    private static final int GMFN_FOREIGN = 4;

    private PhysmapExamples() {}

    static Vector<Example> all() {
        return one().appendAll(batch()).appendAll(removed());
    }

    private static Example call(
            long start, String row, String title, Scene scene, MemoryCommand command) {
        return MemoryCalls.from(start, D1, "mm.physmap." + row, title, scene, command);
    }

    private static Scene single(Domid domain, int space) {
        Bytes bytes = Bytes.zero(24).with(0, 2, domain.value()).with(4, 4, space);
        return Scene.usual().structure(MemoryCalls.ARG, bytes);
    }

    private static Scene several(Domid domain, int space) {
        Bytes bytes = Bytes.zero(32).with(0, 2, domain.value()).with(2, 2, space);
        return Scene.usual().structure(MemoryCalls.ARG, bytes);
    }

    private static Vector<Example> one() {
        return Vector.of(
                call(
                                1 << 16,
                                "add-one/a",
                                "a range of frames has at most 65535",
                                single(Domid.SELF, GRANT_TABLE),
                                ADD_TO_PHYSMAP)
                        .answers("returns -33 EDOM"),
                call(
                                (1 << 16) - 1,
                                "add-one/b",
                                "what to map must be readable",
                                Scene.usual(),
                                ADD_TO_PHYSMAP)
                        .answers("returns -14 EFAULT"),
                call(
                                0,
                                "add-one/c",
                                "frames of another domain are mapped only by the batch",
                                single(Domid.SELF, GMFN_FOREIGN),
                                ADD_TO_PHYSMAP)
                        .answers("returns -38 ENOSYS"),
                call(
                                0,
                                "add-one/d",
                                "nothing is mapped for a domain that does not exist",
                                single(MemoryCalls.nobody(), GRANT_TABLE),
                                ADD_TO_PHYSMAP)
                        .answers("returns -3 ESRCH"),
                call(
                                0,
                                "add-one/e",
                                "a paravirtual domain has no physmap to map anything in",
                                single(Domid.SELF, GRANT_TABLE),
                                ADD_TO_PHYSMAP)
                        .answers("returns -13 EACCES"),
                call(
                                0,
                                "add-one/e",
                                "that a domain is another's is not looked at first",
                                single(new Domid(2), GRANT_TABLE),
                                ADD_TO_PHYSMAP)
                        .answers("returns -13 EACCES"));
    }

    private static Vector<Example> batch() {
        return Vector.of(
                call(
                                1 << 16,
                                "add-batch/a",
                                "a batch has at most 65535 frames",
                                several(Domid.SELF, GRANT_TABLE),
                                ADD_TO_PHYSMAP_BATCH)
                        .answers("returns -33 EDOM"),
                call(
                                1,
                                "add-batch/b",
                                "a batch must be readable",
                                Scene.usual(),
                                ADD_TO_PHYSMAP_BATCH)
                        .answers("returns -14 EFAULT"),
                call(
                                0,
                                "add-batch/c",
                                "a batch has no ranges in it",
                                several(Domid.SELF, GMFN_RANGE),
                                ADD_TO_PHYSMAP_BATCH)
                        .answers("returns -95 EOPNOTSUPP"),
                call(
                                0,
                                "add-batch/d",
                                "a batch for a domain that does not exist maps nothing",
                                several(MemoryCalls.nobody(), GRANT_TABLE),
                                ADD_TO_PHYSMAP_BATCH)
                        .answers("returns -3 ESRCH"),
                call(
                                0,
                                "add-batch/e",
                                "a batch maps nothing for a paravirtual domain",
                                several(Domid.SELF, GMFN_FOREIGN),
                                ADD_TO_PHYSMAP_BATCH)
                        .answers("returns -13 EACCES"));
    }

    private static Scene taking(Domid domain) {
        return Scene.usual().structure(MemoryCalls.ARG, Bytes.zero(16).with(0, 2, domain.value()));
    }

    private static Vector<Example> removed() {
        return Vector.of(
                call(
                                0,
                                "remove/a",
                                "what to unmap must be readable",
                                Scene.usual(),
                                REMOVE_FROM_PHYSMAP)
                        .answers("returns -14 EFAULT"),
                call(
                                0,
                                "remove/b",
                                "nothing is unmapped for a domain that does not exist",
                                taking(MemoryCalls.nobody()),
                                REMOVE_FROM_PHYSMAP)
                        .answers("returns -3 ESRCH"),
                MemoryCalls.by(
                                D0,
                                "mm.physmap.remove/c",
                                "not even a control domain unmaps what a physmap does not have",
                                taking(new Domid(1)),
                                REMOVE_FROM_PHYSMAP)
                        .answers("returns -13 EACCES"));
    }
}
