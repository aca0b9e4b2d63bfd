// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.abi.MemoryCommand.CURRENT_RESERVATION;
import static org.provisor.spec.abi.MemoryCommand.MAXIMUM_GPFN;
import static org.provisor.spec.abi.MemoryCommand.MAXIMUM_RESERVATION;
import static org.provisor.spec.example.Scene.D0;
import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.Bitness;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.MemoryCommand;
import org.provisor.spec.abi.MemoryDomain;
import org.provisor.spec.state.VcpuId;

/// Examples of questions about how much memory a domain has.
final class MemoryQueryExamples {

    private MemoryQueryExamples() {}

    static Vector<Example> all() {
        return Vector.of(CURRENT_RESERVATION, MAXIMUM_RESERVATION, MAXIMUM_GPFN)
                .flatMap(MemoryQueryExamples::refused)
                .appendAll(answered());
    }

    private static Scene about(Domid domain) {
        return about(Scene.usual(), domain);
    }

    private static Scene about(Scene scene, Domid domain) {
        return scene.structure(MemoryCalls.ARG, new MemoryDomain(domain).toBytes(Bitness.BITS_64));
    }

    private static Example asks(
            VcpuId by, String row, String title, Scene scene, MemoryCommand command) {
        return MemoryCalls.by(
                by, "mm.query.domain/" + row, command.xenName() + " " + title, scene, command);
    }

    private static Vector<Example> refused(MemoryCommand command) {
        return Vector.of(
                asks(D1, "a", "is about a domain that can be read", Scene.usual(), command)
                        .answers("returns -14 EFAULT"),
                asks(D0, "b", "is about a domain that exists", about(MemoryCalls.nobody()), command)
                        .answers("returns -3 ESRCH"),
                asks(D1, "c", "is not about another guest", about(new Domid(2)), command)
                        .answers("returns -1 EPERM"));
    }

    private static Vector<Example> answered() {
        return Vector.of(
                asks(
                                D1,
                                "d",
                                "counts no frame that Xen shares",
                                about(Domid.SELF),
                                CURRENT_RESERVATION)
                        .answers("returns 16"),
                asks(
                                D0,
                                "d",
                                "counts the frames of a dying domain",
                                about(MemoryCalls.dying(Scene.usual()), new Domid(1)),
                                CURRENT_RESERVATION)
                        .answers("returns 16"),
                asks(
                                D1,
                                "e",
                                "is how many frames a domain may have",
                                about(new Domid(1)),
                                MAXIMUM_RESERVATION)
                        .answers("returns 32"),
                asks(
                                D1,
                                "f",
                                "is zero for a domain that has not said how many it has numbered",
                                about(Domid.SELF),
                                MAXIMUM_GPFN)
                        .answers("returns 0"));
    }
}
