// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.Bitness;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.Invocation.UpdateVaMappingCall;
import org.provisor.spec.abi.UvmFlags;
import org.provisor.spec.abi.VcpuMask;
import org.provisor.spec.transition.Event;

/// Examples of what `update_va_mapping` flushes after it has changed the entry for the address
/// 0x1000.
final class UpdateVaMappingFlushExamples {

    private static final String[] MAPPED = {"mfn 10[1]: - -> mfn 15 ro+124", "mfn 15 refs: 1 -> 2"};

    /// Where the bitmap of vCPUs is.
    private static final long BITMAP = 0x30000;

    private UpdateVaMappingFlushExamples() {}

    static Vector<Example> all() {
        return Vector.of(
                flush("a", "no flush is asked for, and none is owed", 0),
                flush("a", "both kinds of flush at once are none", UvmFlags.FLUSHTYPE_MASK),
                flush(
                        "a",
                        "both kinds at once do not even read the bitmap",
                        UvmFlags.FLUSHTYPE_MASK | 0x666000),
                flush(
                        "c",
                        "all translations here are flushed",
                        UvmFlags.TLB_FLUSH | UvmFlags.LOCAL,
                        "flush Local[vcpu=d1v0]"),
                flush(
                        "c",
                        "all translations of the domain are flushed",
                        UvmFlags.TLB_FLUSH | UvmFlags.ALL,
                        "flush Domain[domain=d1]"),
                flush(
                        "c",
                        "all translations of some vCPUs are flushed",
                        UvmFlags.TLB_FLUSH | BITMAP,
                        "flush Vcpus[domain=d1, vcpus=Vector(1)]"),
                flush(
                        "d",
                        "the translation of the address here is flushed",
                        UvmFlags.INVLPG | UvmFlags.LOCAL,
                        "flush PageLocal[vcpu=d1v0, linear=4096]"),
                flush(
                        "d",
                        "the translation of the address is flushed for the whole domain",
                        UvmFlags.INVLPG | UvmFlags.ALL,
                        "flush PageDomain[domain=d1, linear=4096]"),
                flush(
                        "d",
                        "the translation of the address is flushed for some vCPUs",
                        UvmFlags.INVLPG | BITMAP,
                        "flush PageVcpus[domain=d1, vcpus=Vector(1), linear=4096]"),
                unreadable("all translations", UvmFlags.TLB_FLUSH),
                unreadable("one translation", UvmFlags.INVLPG),
                inXen());
    }

    private static Example example(String row, String title, long flags) {
        VcpuMask mask = new VcpuMask(Bitness.BITS_64, Vector.of(0b1110L));
        return Example.of(
                        "mm.update-va-mapping.flush/" + row,
                        title,
                        Trees.rooted().structure(new GuestAddress(BITMAP), mask.toBytes()),
                        D1,
                        new Event.Call(
                                new UpdateVaMappingCall(
                                        new GuestAddress(0x1000),
                                        Scene.readOnly(0x15).bits(),
                                        new UvmFlags(flags))))
                .changes(MAPPED);
    }

    private static Example flush(String row, String title, long flags, String... owed) {
        return example(row, title, flags).answers("returns 0").owes(owed);
    }

    private static Example unreadable(String what, long flags) {
        return example(
                        "b",
                        "a bitmap that cannot be read flushes not even " + what,
                        flags | 0x666000)
                .answers("returns -14 EFAULT");
    }

    private static Example inXen() {
        return example(
                        "b",
                        "a bitmap in Xen's part of the address space is not read",
                        UvmFlags.TLB_FLUSH | 0xFFFF_8000_0000_0000L)
                .answers("returns -14 EFAULT");
    }
}
