// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.Scene.D0;
import static org.provisor.spec.example.Scene.D1;
import static org.provisor.spec.example.Scene.DONE;
import static org.provisor.spec.example.Scene.LIST;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.BatchCount;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.ForeignDomains;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.Invocation.MmuUpdateCall;
import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.abi.ReservedAddresses;
import org.provisor.spec.state.Choices;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.VcpuId;
import org.provisor.spec.transition.Event;
import org.provisor.spec.x86.Pte;

/// Examples of what `mmu_update` does before its requests.
final class MmuUpdateExamples {

    private static final ForeignDomains SELF = ForeignDomains.SELF;

    private MmuUpdateExamples() {}

    static Vector<Example> all() {
        return Vector.of(
                waits(),
                waited(),
                pretends(),
                listInXen(),
                noTables(),
                ioTables(),
                tablesWithoutVcpu(),
                noOwner(),
                ownNumber(),
                nothing());
    }

    private static Example call(
            String row, String title, Scene scene, VcpuId by, MmuUpdateCall call) {
        return Example.of(row, title, scene, by, new Event.Call(call));
    }

    private static MmuUpdateCall one(ForeignDomains domains) {
        return new MmuUpdateCall(LIST, new BatchCount(1), DONE, domains);
    }

    private static Example waits() {
        Scene cut = Trees.preempted(Trees.pinnedL2(), MmuextCommand.UNPIN_TABLE, 0x12, 0);
        return call(
                        "mm.mmu-update/a",
                        "the call goes on with an earlier teardown before it does anything",
                        cut.list(Trees.set(0x14, 0, Pte.EMPTY)),
                        D1,
                        one(SELF))
                .observed(Choices.preemptedAfter(0))
                .answers(Trees.again(one(SELF)))
                .changes("mfn 12 type: l2 x1 partial up to 511 -> l2 x1 partial up to 510");
    }

    private static Example waited() {
        return call(
                        "mm.mmu-update/b",
                        "the call that only waited for a teardown returns what it carries",
                        Trees.pinnedL2().mmuUpdate(D1, 0x12, 0, Pte.EMPTY),
                        D1,
                        MmuUpdateCall.carrying(0))
                .answers("returns 0")
                .changes(
                        "mfn 10 refs: 2 -> 1",
                        "mfn 10 type: l1 x1 valid -> l1 x0 unchecked",
                        "mfn 14 refs: 2 -> 1",
                        "mfn 14 type: writable x1 valid -> writable x0 valid",
                        "mfn 14 stale: false -> true",
                        "d1v0 unfinished: some(unfinished[table=mfn 10, container=mfn 12,"
                                + " hascontainer=true, partial=false]) -> none");
    }

    private static Example pretends() {
        return call(
                        "mm.mmu-update/b",
                        "a guest that pretends to have waited is told what it says itself",
                        Scene.usual(),
                        D1,
                        MmuUpdateCall.carrying(-38))
                .answers("returns -38 ENOSYS");
    }

    private static Example listInXen() {
        GuestAddress xen = new GuestAddress(ReservedAddresses.HYPERVISOR_VIRT_START);
        return call(
                        "mm.mmu-update/c",
                        "a list in Xen's part of the address space is not read",
                        Trees.pinnedL1(),
                        D1,
                        new MmuUpdateCall(xen, new BatchCount(1), DONE, SELF))
                .answers("returns -14 EFAULT");
    }

    private static Example noTables() {
        return call(
                        "mm.mmu-update/d",
                        "page tables of a domain that does not exist are not changed",
                        Trees.pinnedL1(),
                        D0,
                        one(ForeignDomains.of(Domid.SELF, new Domid(5))))
                .answers("returns -3 ESRCH");
    }

    private static Example ioTables() {
        return call(
                        "mm.mmu-update/d",
                        "the owner of devices is no owner of page tables",
                        Trees.pinnedL1(),
                        D0,
                        one(ForeignDomains.of(Domid.SELF, Domid.IO)))
                .answers("returns -3 ESRCH");
    }

    private static Example tablesWithoutVcpu() {
        return call(
                        "mm.mmu-update/e",
                        "page tables of a domain without vCPUs are not changed",
                        Scene.usual().domain(Domain.guest(new Domid(3), 32, 0), 0x30, 0x33),
                        D0,
                        one(ForeignDomains.of(Domid.SELF, new Domid(3))))
                .answers("returns -22 EINVAL")
                .owes("write 0 at va 20000, 4 bytes");
    }

    private static Example noOwner() {
        return call(
                        "mm.mmu-update/f",
                        "frames of a domain that does not exist are not mapped",
                        Trees.pinnedL1(),
                        D0,
                        one(ForeignDomains.of(new Domid(5))))
                .answers("returns -3 ESRCH")
                .owes("write 0 at va 20000, 4 bytes");
    }

    private static Example ownNumber() {
        return call(
                        "mm.mmu-update/f",
                        "a domain that means itself must not say so by its number",
                        Trees.pinnedL1(),
                        D1,
                        one(ForeignDomains.of(Trees.ONE)))
                .answers("returns -3 ESRCH")
                .owes("write 0 at va 20000, 4 bytes");
    }

    private static Example nothing() {
        return call(
                        "mm.mmu-update/g",
                        "a call without requests does nothing and counts none",
                        Trees.pinnedL1(),
                        D1,
                        new MmuUpdateCall(LIST, new BatchCount(0), DONE, SELF))
                .answers("returns 0")
                .owes("write 0 at va 20000, 4 bytes");
    }
}
