// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.MemoryCalls.FRAMES;
import static org.provisor.spec.example.MemoryCalls.extents;
import static org.provisor.spec.example.Scene.D0;
import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.MemoryCommand;
import org.provisor.spec.abi.MemoryFlags;
import org.provisor.spec.abi.MemoryReservation;
import org.provisor.spec.state.VcpuId;

/// Examples of memory kept back for a domain. The machine has 29 free frames; d1 has 16, d2 has 8,
/// and each may have 32.
final class ClaimExamples {

    private ClaimExamples() {}

    static Vector<Example> all() {
        return refused().appendAll(staked());
    }

    private static MemoryReservation total(int domain, long frames) {
        return MemoryCalls.at(GuestAddress.NULL, MemoryCalls.of(domain, extents(frames, 0)));
    }

    private static Example claims(
            VcpuId by, String row, String title, Scene scene, MemoryReservation wanted) {
        return MemoryCalls.by(
                by,
                "mm.claim" + row,
                title,
                MemoryCalls.asking(scene, wanted),
                MemoryCommand.CLAIM_PAGES);
    }

    private static Example refused(VcpuId by, String row, String title, MemoryReservation wanted) {
        return claims(by, row, title, Scene.usual(), wanted);
    }

    private static Vector<Example> refused() {
        MemoryReservation plain = total(1, 20);
        return Vector.of(
                MemoryCalls.by(
                                D0,
                                "mm.claim/a",
                                "a claim must be readable",
                                Scene.usual(),
                                MemoryCommand.CLAIM_PAGES)
                        .answers("returns -14 EFAULT"),
                refused(D0, "/b", "a claim has no list", MemoryCalls.at(FRAMES, plain))
                        .answers("returns -22 EINVAL"),
                refused(
                                D0,
                                "/c",
                                "a claim is of single frames",
                                MemoryCalls.at(
                                        GuestAddress.NULL, MemoryCalls.of(1, extents(20, 1))))
                        .answers("returns -22 EINVAL"),
                refused(
                                D0,
                                "/d",
                                "a claim is of any frames",
                                MemoryCalls.with(MemoryFlags.NONE.withNode(0), plain))
                        .answers("returns -22 EINVAL"),
                refused(
                                D1,
                                "/e",
                                "a claim for a domain that does not exist is invalid",
                                total(9, 20))
                        .answers("returns -22 EINVAL"),
                refused(
                                D0,
                                "/e",
                                "a claim names its domain, even the caller",
                                total(Domid.SELF.value(), 20))
                        .answers("returns -22 EINVAL"),
                refused(D1, "/f", "a guest claims nothing, not even for itself", plain)
                        .answers("returns -1 EPERM"));
    }

    private static Scene claimed() {
        return MemoryCalls.claimed(Scene.usual(), 2, 32);
    }

    private static Vector<Example> staked() {
        return Vector.of(
                claims(D0, "/g", "a control domain claims for itself", Scene.usual(), total(0, 9))
                        .answers("returns 0")
                        .changes("d0 claim: 0 -> 1"),
                claims(
                                D0,
                                ".stake/a",
                                "a claim of no frames ends the claim",
                                claimed(),
                                total(2, 0))
                        .answers("returns 0")
                        .changes("d2 claim: 24 -> 0"),
                claims(
                                D0,
                                ".stake/a",
                                "a claim that there is not can be ended",
                                Scene.usual(),
                                total(2, 0))
                        .answers("returns 0"),
                claims(D0, ".stake/b", "a domain has one claim at a time", claimed(), total(2, 20))
                        .answers("returns -22 EINVAL"),
                claims(
                                D0,
                                ".stake/c",
                                "a claim is for more than a domain has already",
                                Scene.usual(),
                                total(1, 16))
                        .answers("returns -22 EINVAL"),
                claims(
                                D0,
                                ".stake/c",
                                "a claim is for no more than a domain may have",
                                Scene.usual(),
                                total(1, 33))
                        .answers("returns -22 EINVAL"),
                claims(
                                D0,
                                ".stake/c",
                                "how many frames are claimed is a number without sign",
                                Scene.usual(),
                                total(1, -1))
                        .answers("returns -22 EINVAL"),
                claims(
                                D0,
                                ".stake/d",
                                "what is kept back for one domain is not kept back for another",
                                claimed(),
                                total(1, 22))
                        .answers("returns -12 ENOMEM"),
                claims(D0, ".stake/e", "all that is left can be claimed", claimed(), total(1, 21))
                        .answers("returns 0")
                        .changes("d1 claim: 0 -> 5"),
                claims(
                                D0,
                                ".stake/e",
                                "a claim may be for a domain that is dying",
                                MemoryCalls.dying(Scene.usual()),
                                total(1, 20))
                        .answers("returns 0")
                        .changes("d1 claim: 0 -> 4"));
    }
}
