// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.Scene.D0;
import static org.provisor.spec.example.Scene.D1;
import static org.provisor.spec.example.Trees.ONE;
import static org.provisor.spec.example.Trees.TWO;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.Invocation.UpdateVaMappingCall;
import org.provisor.spec.abi.Invocation.UpdateVaMappingOtherdomainCall;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.abi.ReservedAddresses;
import org.provisor.spec.abi.UvmFlags;
import org.provisor.spec.state.VcpuId;
import org.provisor.spec.transition.Event;
import org.provisor.spec.x86.LinearAddress;
import org.provisor.spec.x86.Pte;

/// Examples of `update_va_mapping`: the guest d1 runs on the tables of {@link Trees#rooted}, which
/// map the address 0 to the frame 0x14 and no other.
final class UpdateVaMappingExamples {

    private static final UvmFlags NO_FLUSH = new UvmFlags(UvmFlags.NONE);

    private UpdateVaMappingExamples() {}

    static Vector<Example> all() {
        return otherDomain().appendAll(notFound()).appendAll(refused()).appendAll(changed());
    }

    private static Example update(String row, String title, Scene scene, long va, Pte entry) {
        GuestAddress address = new GuestAddress(va);
        return Example.of(
                row,
                title,
                scene,
                D1,
                new Event.Call(new UpdateVaMappingCall(address, entry.bits(), NO_FLUSH)));
    }

    private static Example other(
            String row, String title, Scene scene, VcpuId by, Domid owner, Pte entry) {
        GuestAddress address = new GuestAddress(0x1000);
        return Example.of(
                row,
                title,
                scene,
                by,
                new Event.Call(
                        new UpdateVaMappingOtherdomainCall(
                                address, entry.bits(), NO_FLUSH, owner)));
    }

    private static Vector<Example> otherDomain() {
        Scene rooted = Trees.rooted();
        Scene control = Trees.controlRooted(Scene.usual());
        return Vector.of(
                other(
                                "mm.update-va-mapping.other-domain/a",
                                "memory of a domain that does not exist is not mapped",
                                rooted,
                                D1,
                                new Domid(5),
                                Scene.readOnly(0x20))
                        .answers("returns -3 ESRCH"),
                other(
                                "mm.update-va-mapping.other-domain/a",
                                "a caller that means itself must not say so by its number",
                                rooted,
                                D1,
                                ONE,
                                Scene.readOnly(0x15))
                        .answers("returns -3 ESRCH"),
                other(
                                "mm.update-va-mapping.other-domain/b",
                                "a caller may say that it means itself",
                                rooted,
                                D1,
                                Domid.SELF,
                                Scene.readOnly(0x15))
                        .answers("returns 0")
                        .changes("mfn 10[1]: - -> mfn 15 ro+124", "mfn 15 refs: 1 -> 2"),
                other(
                                "mm.update-va-mapping.other-domain/b",
                                "the control domain maps memory of a guest",
                                control,
                                D0,
                                TWO,
                                Scene.readOnly(0x20))
                        .answers("returns 0")
                        .changes("mfn 8[1]: - -> mfn 20 ro+124", "mfn 20 refs: 1 -> 2"),
                other(
                                "mm.update-va-mapping/a",
                                "a guest does not map the memory of another at an address",
                                rooted,
                                D1,
                                TWO,
                                Scene.readOnly(0x20))
                        .answers("returns -1 EPERM"),
                other(
                                "mm.update-va-mapping/a",
                                "a guest may not name the owner of devices, unlike in mmu_update",
                                rooted,
                                D1,
                                Domid.IO,
                                Pte.EMPTY)
                        .answers("returns -1 EPERM"));
    }

    private static Vector<Example> notFound() {
        Scene rooted = Trees.rooted();
        return Vector.of(
                update(
                                "mm.update-va-mapping/b",
                                "an address without a level 3 table has no entry",
                                rooted,
                                LinearAddress.of(1, 0, 0, 0, 0).value(),
                                Pte.EMPTY)
                        .answers("returns -22 EINVAL"),
                update(
                                "mm.guest-walk.level-1/b",
                                "an address without a level 1 table has no entry",
                                rooted,
                                LinearAddress.of(0, 0, 1, 0, 0).value(),
                                Pte.EMPTY)
                        .answers("returns -22 EINVAL"),
                update(
                                "mm.guest-walk.level-1/a",
                                "an address of Xen's has no entry",
                                rooted,
                                ReservedAddresses.HYPERVISOR_VIRT_START,
                                Pte.EMPTY)
                        .answers("returns -22 EINVAL"),
                update(
                                "mm.guest-walk.level-1/a",
                                "an address that is not canonical has no entry",
                                rooted,
                                1L << 47,
                                Pte.EMPTY)
                        .answers("returns -22 EINVAL"));
    }

    private static Vector<Example> refused() {
        Scene linear = Trees.rooted().mmuUpdate(D1, 0x16, 1, Scene.readOnly(0x16));
        return Vector.of(
                update(
                                "mm.update-va-mapping/e",
                                "where a guest sees its root, no entry is changed",
                                linear,
                                LinearAddress.of(1, 1, 1, 1, 0).value(),
                                Pte.EMPTY)
                        .answers("returns -22 EINVAL"),
                update(
                                "mm.update-va-mapping/e",
                                "where a guest sees its level 2 tables, no entry is changed",
                                linear,
                                LinearAddress.of(1, 1, 0, 0, 0).value(),
                                Pte.EMPTY)
                        .answers("returns -22 EINVAL"),
                update(
                                "mm.update-va-mapping/f",
                                "an entry that cannot be held is not put in place",
                                Trees.rooted(),
                                0x1000,
                                Scene.readOnly(0x30))
                        .answers("returns -16 EBUSY"),
                update(
                                "mm.update-va-mapping/f",
                                "an entry with a forbidden flag is not put in place",
                                Trees.rooted(),
                                0x1000,
                                Scene.readOnly(0x15).with(Pte.WRITE_THROUGH))
                        .answers("returns -22 EINVAL"));
    }

    private static Vector<Example> changed() {
        return Vector.of(
                update(
                                "mm.update-va-mapping/g",
                                "the entry for an address is changed, and nothing is flushed"
                                        + " unasked",
                                Trees.rooted(),
                                0x1000,
                                Scene.writable(0x15))
                        .answers("returns 0")
                        .changes(
                                "mfn 10[1]: - -> mfn 15 rw+124",
                                "mfn 15 refs: 1 -> 2",
                                "mfn 15 type: none x0 unchecked -> writable x1 valid")
                        .owes("flush TypeChange[owner=d1, mfn=mfn 15, wasTable=false]"),
                update(
                                "mm.update-va-mapping/g",
                                "accessed and dirty bits go when an address is mapped anew",
                                Trees.rooted(),
                                0xfff,
                                Pte.of(new Mfn(0x14), Pte.PRESENT | Pte.WRITABLE))
                        .answers("returns 0")
                        .changes("mfn 10[0]: mfn 14 rw+124 -> mfn 14 rw+10000000000004"),
                update(
                                "mm.guest-walk.level-1/c",
                                "the tables decide at which address a frame is changed",
                                Trees.rooted().mmuUpdate(D1, 0x12, 511, Scene.writable(0x10)),
                                LinearAddress.of(0, 0, 511, 0, 0).value(),
                                Pte.EMPTY)
                        .answers("returns 0")
                        .changes(
                                "mfn 10[0]: mfn 14 rw+124 -> -",
                                "mfn 14 refs: 2 -> 1",
                                "mfn 14 type: writable x1 valid -> writable x0 valid",
                                "mfn 14 stale: false -> true"));
    }
}
