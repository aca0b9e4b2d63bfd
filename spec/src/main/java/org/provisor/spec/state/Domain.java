// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.state;

import io.vavr.collection.Vector;
import io.vavr.control.Option;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.VmAssistType;

/// One domain.
///
/// @param id its identifier
/// @param bits32 whether it is a 32-bit guest
/// @param control whether it may act on every domain
/// @param hardware whether it is the hardware domain
/// @param target the one domain it may act on besides itself
/// @param maxPages how many frames it may have
/// @param totPages how many frames it has, those shared with Xen not counted
/// @param claim how many more frames are kept back for it
/// @param life where it is in its life
/// @param teardown how far its teardown has come
/// @param assists the assists it has switched on, bit by bit
/// @param io what it may do with devices
/// @param memoryMap the memory map it was given; empty where it was given none
/// @param vcpus its virtual CPUs
/// @xen xen/include/xen/sched.h, struct domain
public record Domain(
        Domid id,
        boolean bits32,
        boolean control,
        boolean hardware,
        Option<Domid> target,
        long maxPages,
        long totPages,
        long claim,
        Life life,
        Teardown teardown,
        long assists,
        IoRights io,
        Vector<MemoryRange> memoryMap,
        Vector<Vcpu> vcpus) {

    /// An ordinary 64-bit guest without memory.
    public static Domain guest(Domid id, long maxPages, int vcpus) {
        return new Domain(
                id,
                false,
                false,
                false,
                Option.none(),
                maxPages,
                0,
                0,
                Life.ALIVE,
                Teardown.START,
                0,
                IoRights.NONE,
                Vector.empty(),
                Vector.fill(vcpus, () -> Vcpu.IDLE));
    }

    /// The control and hardware domain, without memory.
    public static Domain privileged(Domid id, long maxPages, int vcpus) {
        Domain plain = guest(id, maxPages, vcpus);
        return new Domain(
                id,
                false,
                true,
                true,
                Option.none(),
                maxPages,
                0,
                0,
                Life.ALIVE,
                Teardown.START,
                0,
                new IoRights(IoRights.NONE.frames(), true, false),
                Vector.empty(),
                plain.vcpus());
    }

    public boolean dying() {
        return life != Life.ALIVE;
    }

    /// Whether an assist is switched on.
    public boolean assists(VmAssistType type) {
        return (assists & type.bit()) != 0;
    }

    /// Whether it may act on `other`: itself, its target, or anybody for a control domain.
    ///
    /// @xen xen/include/xsm/dummy.h, xsm_default_action, XSM_TARGET
    public boolean mayActOn(Domid other) {
        return id.equals(other) || target.contains(other) || control;
    }

    public Domain withPages(long total, long claimed) {
        return copy(total, claimed, life, teardown, assists, vcpus);
    }

    public Domain withLife(Life now) {
        return copy(totPages, claim, now, teardown, assists, vcpus);
    }

    public Domain withTeardown(Teardown now) {
        return copy(totPages, claim, life, now, assists, vcpus);
    }

    public Domain withAssists(long now) {
        return copy(totPages, claim, life, teardown, now, vcpus);
    }

    public Domain withVcpu(int number, Vcpu now) {
        return copy(totPages, claim, life, teardown, assists, vcpus.update(number, now));
    }

    public Domain withTarget(Domid other) {
        return new Domain(
                id,
                bits32,
                control,
                hardware,
                Option.some(other),
                maxPages,
                totPages,
                claim,
                life,
                teardown,
                assists,
                io,
                memoryMap,
                vcpus);
    }

    public Domain withIo(IoRights now) {
        return new Domain(
                id, bits32, control, hardware, target, maxPages, totPages, claim, life, teardown,
                assists, now, memoryMap, vcpus);
    }

    public Domain withMemoryMap(Vector<MemoryRange> now) {
        return new Domain(
                id, bits32, control, hardware, target, maxPages, totPages, claim, life, teardown,
                assists, io, now, vcpus);
    }

    /// The same domain as a 32-bit guest.
    public Domain as32Bit() {
        return new Domain(
                id, true, control, hardware, target, maxPages, totPages, claim, life, teardown,
                assists, io, memoryMap, vcpus);
    }

    private Domain copy(
            long total,
            long claimed,
            Life lifeNow,
            Teardown teardownNow,
            long assistsNow,
            Vector<Vcpu> vcpusNow) {
        return new Domain(
                id,
                bits32,
                control,
                hardware,
                target,
                maxPages,
                total,
                claimed,
                lifeNow,
                teardownNow,
                assistsNow,
                io,
                memoryMap,
                vcpusNow);
    }
}
