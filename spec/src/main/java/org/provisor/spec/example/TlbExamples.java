// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.MmuextCalls.NONE_DONE;
import static org.provisor.spec.example.MmuextCalls.ONE_DONE;
import static org.provisor.spec.example.MmuextCalls.of;

import io.vavr.collection.HashSet;
import io.vavr.collection.Vector;

import org.provisor.spec.abi.Bitness;
import org.provisor.spec.abi.Bytes;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.abi.MmuextOp;
import org.provisor.spec.abi.VcpuMask;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.IoRights;

/// Examples of flushes that a guest asks for.
final class TlbExamples {

    private static final GuestAddress MASK = new GuestAddress(0x30000);

    private static final long NOT_CANONICAL = 0x0000_8000_0000_0000L;

    private static final long XENS = 0xFFFF_8000_0000_0000L;

    private static final IoRights PORTS = new IoRights(HashSet.empty(), true, false);

    private static final IoRights DEVICE = new IoRights(HashSet.of(new Mfn(0)), false, false);

    private TlbExamples() {}

    static Vector<Example> all() {
        return Vector.of(
                        flush("a", "the processor's own cache", MmuextCommand.TLB_FLUSH_LOCAL)
                                .owes("flush Local[vcpu=d1v0]", ONE_DONE),
                        flush("b", "those of all its processors", MmuextCommand.TLB_FLUSH_ALL)
                                .owes("flush Domain[domain=d1]", ONE_DONE),
                        maskNotReadable(),
                        mask("d", "a guest flushes the caches of one vCPU", 2)
                                .owes("flush Vcpus[domain=d1, vcpus=Vector(1)]", ONE_DONE),
                        mask("d", "bits of vCPUs that the guest has not are ignored", -1)
                                .owes("flush Vcpus[domain=d1, vcpus=Vector(0, 1)]", ONE_DONE),
                        mask("d", "a guest flushes the caches of nobody", 0)
                                .owes("flush Vcpus[domain=d1, vcpus=Vector()]", ONE_DONE),
                        many())
                .appendAll(pages())
                .appendAll(caches());
    }

    private static Example flush(String row, String what, MmuextCommand command) {
        return of("mm.tlb.flush/" + row, "a guest empties " + what, Scene.usual(), command, 0)
                .answers("returns 0");
    }

    /// A guest of more vCPUs than a word has bits.
    private static Example many() {
        Scene scene =
                Scene.usual()
                        .domain(Domain.guest(new Domid(1), 32, 66), 0x10, 0x1f)
                        .structure(MASK, word(1L << 63))
                        .structure(MASK.plus(8), word(2));
        return of(
                        "mm.tlb.flush/d",
                        "a set of vCPUs has as many words as it takes",
                        scene,
                        MmuextOp.of(MmuextCommand.TLB_FLUSH_MULTI, 0, MASK.value()))
                .answers("returns 0")
                .owes("flush Vcpus[domain=d1, vcpus=Vector(63, 65)]", ONE_DONE);
    }

    private static Bytes word(long word) {
        return new VcpuMask(Bitness.BITS_64, Vector.of(word)).toBytes();
    }

    private static Scene vcpus(long word) {
        return Scene.usual().structure(MASK, word(word));
    }

    private static Example mask(String row, String title, long word) {
        return of(
                        "mm.tlb.flush/" + row,
                        title,
                        vcpus(word),
                        MmuextOp.of(MmuextCommand.TLB_FLUSH_MULTI, 0, MASK.value()))
                .answers("returns 0");
    }

    private static Example maskNotReadable() {
        return of(
                        "mm.tlb.flush/c",
                        "a set of vCPUs that cannot be read is refused",
                        Scene.usual(),
                        MmuextOp.of(MmuextCommand.TLB_FLUSH_MULTI, 0, MASK.value()))
                .answers("returns -22 EINVAL")
                .owes(NONE_DONE);
    }

    private static Vector<Example> pages() {
        return Vector.of(
                page("a", "here, an address that is not canonical is nothing to flush")
                        .local(NOT_CANONICAL)
                        .owes(ONE_DONE),
                page("b", "here, the translation of one page is flushed")
                        .local(0x5000)
                        .owes("flush PageLocal[vcpu=d1v0, linear=20480]", ONE_DONE),
                page("b", "here, even an address of Xen's is flushed")
                        .local(XENS)
                        .owes("flush PageLocal[vcpu=d1v0, linear=" + XENS + "]", ONE_DONE),
                page("c", "for the domain, an address of Xen's is nothing to flush")
                        .all(XENS)
                        .owes(ONE_DONE),
                page("d", "for the domain, the translation of one page is flushed")
                        .all(0x5000)
                        .owes("flush PageDomain[domain=d1, linear=20480]", ONE_DONE),
                maskOfPageNotReadable(),
                page("f", "for some vCPUs, an address of Xen's is nothing to flush")
                        .some(XENS)
                        .owes(ONE_DONE),
                page("g", "for some vCPUs, the translation of one page is flushed")
                        .some(0x5000)
                        .owes(
                                "flush PageVcpus[domain=d1, vcpus=Vector(1), linear=20480]",
                                ONE_DONE));
    }

    /// The beginning of an example of one page.
    private record Page(String row, String title) {

        Example local(long linear) {
            return example(Scene.usual(), MmuextOp.of(MmuextCommand.INVLPG_LOCAL, linear));
        }

        Example all(long linear) {
            return example(Scene.usual(), MmuextOp.of(MmuextCommand.INVLPG_ALL, linear));
        }

        Example some(long linear) {
            return example(vcpus(2), MmuextOp.of(MmuextCommand.INVLPG_MULTI, linear, MASK.value()));
        }

        private Example example(Scene scene, MmuextOp operation) {
            return of("mm.tlb.invalidate-page/" + row, title, scene, operation)
                    .answers("returns 0");
        }
    }

    private static Page page(String row, String title) {
        return new Page(row, title);
    }

    private static Example maskOfPageNotReadable() {
        return of(
                        "mm.tlb.invalidate-page/e",
                        "a set of vCPUs that cannot be read is refused, whatever the address",
                        Scene.usual(),
                        MmuextOp.of(MmuextCommand.INVLPG_MULTI, XENS, MASK.value()))
                .answers("returns -22 EINVAL")
                .owes(NONE_DONE);
    }

    private static Vector<Example> caches() {
        return Vector.of(
                cache("a", "a guest without devices does not write the caches back", false)
                        .answers("returns -13 EACCES")
                        .owes(NONE_DONE),
                cache("b", "a guest without devices does not write all caches back", true)
                        .answers("returns -22 EINVAL")
                        .owes(NONE_DONE),
                cache("c", "a guest with a port writes the caches back", false)
                        .with(PORTS)
                        .owes("flush DataCaches[everywhere=false]", ONE_DONE),
                cache("c", "a guest with a device writes the caches of all back", true)
                        .with(DEVICE)
                        .owes("flush DataCaches[everywhere=true]", ONE_DONE));
    }

    private static Cache cache(String row, String title, boolean everywhere) {
        return new Cache(
                row,
                title,
                everywhere ? MmuextCommand.FLUSH_CACHE_GLOBAL : MmuextCommand.FLUSH_CACHE);
    }

    /// The beginning of an example of data caches.
    private record Cache(String row, String title, MmuextCommand command) {

        Example answers(String text) {
            return of("mm.cache.flush/" + row, title, Scene.usual(), command, 0).answers(text);
        }

        Example with(IoRights rights) {
            Scene usual = Scene.usual();
            Domain guest = usual.machine().domain(new Domid(1)).withIo(rights);
            return of("mm.cache.flush/" + row, title, usual.domain(guest), command, 0)
                    .answers("returns 0");
        }
    }
}
