// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.xen;

import io.vavr.control.Option;

import org.provisor.refine.harness.CallPages;
import org.provisor.refine.program.CallMemory;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.state.Contents;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.PageType;
import org.provisor.spec.state.VcpuId;
import org.provisor.spec.x86.LinearAddress;

import java.util.BitSet;

/// Both sides as they are now: the machine's memory and Xen's table of frames, and what the
/// specification says of them.
final class Sides {

    static final VcpuId VCPU = new VcpuId(XenBoot.PROBE, 0);

    private static final long ACCESSED_DIRTY = 0x60;

    private final GuestRam ram;
    private final FrameTable table;
    private final PoolNumbers numbers;
    private final SpecMemory memory;
    private final long owner;
    private final long shownEntry;
    private final long[] callFrames;
    private Machine machine;

    /// Frames that are the domain's or were since it was last looked.
    private int[] watched;

    private final BitSet isWatched = new BitSet();

    /// @param root the probe's root table
    /// @param machine the machine as it is now
    Sides(GuestRam ram, FrameTable table, PoolNumbers numbers, long root, Machine machine) {
        this.ram = ram;
        this.table = table;
        this.numbers = numbers;
        this.machine = machine;
        memory = new SpecMemory(ram, table.frames(), this::frame);
        owner = table.owner((int) root);
        shownEntry = ram.word(root, XenSlots.FIRST) & ~ACCESSED_DIRTY;
        callFrames = new long[CallMemory.READABLE >> 12];
        for (int i = 0; i < callFrames.length; i++) {
            callFrames[i] = ram.walk(root, CallMemory.START + 4096L * i).address() >> 12;
        }
        watched = new int[0];
        watchAll();
    }

    GuestRam ram() {
        return ram;
    }

    FrameTable table() {
        return table;
    }

    PoolNumbers numbers() {
        return numbers;
    }

    SpecMemory memory() {
        return memory;
    }

    Machine machine() {
        return machine;
    }

    void setMachine(Machine now) {
        machine = now;
    }

    /// The frames of call memory, the first page's first.
    long[] callFrames() {
        return callFrames;
    }

    /// What stands in slot 256 of a root that shows the machine-to-physical table.
    long shownEntry() {
        return shownEntry;
    }

    /// Looks which frames are the domain's, on either side.
    private void watchAll() {
        BitSet all = owned();
        for (int mfn = 0; mfn < table.frames(); mfn++) {
            if (isSpecified(mfn)) {
                all.set(mfn);
            }
        }
        watch(all);
    }

    private void watch(BitSet all) {
        isWatched.clear();
        isWatched.or(all);
        watched = all.stream().toArray();
    }

    /// Watches these frames also, which have come to the domain.
    void watchToo(BitSet more) {
        BitSet all = (BitSet) isWatched.clone();
        all.or(more);
        watch(all);
    }

    /// Watches frames also that Xen has given the domain and that were not to be seen, and those no
    /// more that are not the domain's.
    void watchAgain() {
        BitSet all = owned();
        for (int mfn : watched) {
            if (isSpecified(mfn)) {
                all.set(mfn);
            }
        }
        if (!all.equals(isWatched)) {
            watch(all);
        }
    }

    /// Watches frames also that Xen has given the domain and that were not to be seen.
    void watchNew() {
        BitSet more = owned();
        more.andNot(isWatched);
        if (!more.isEmpty()) {
            watchToo(more);
        }
    }

    /// The domain's frames, as Xen says.
    BitSet owned() {
        return table.owned(owner);
    }

    boolean isSpecified(int mfn) {
        return machine.frames().get(mfn).ownedBy(XenBoot.PROBE);
    }

    boolean isOwn(int mfn) {
        return table.owner(mfn) == owner && !FrameTable.free(table.count(mfn));
    }

    /// The domain's frames.
    int[] watched() {
        return watched;
    }

    /// Begins anew with a machine as it is now, whatever was before.
    void restart(Machine now) {
        machine = now;
        memory.forgetAll();
        watchAll();
        clearCalls();
    }

    /// Writes 8 bytes of call memory.
    void poke(long linear, long value) {
        memory.calls().write(linear, value, Long.BYTES);
        if ((linear & 7) == 0) {
            ram.setWord(callAddress(linear), value);
            return;
        }
        for (int i = 0; i < Long.BYTES; i++) {
            ram.setByte(callAddress(linear + i), (byte) (value >>> (8 * i)));
        }
    }

    /// Makes call memory zero.
    void clearCalls() {
        memory.calls().clear();
        for (long frame : callFrames) {
            ram.clear(frame);
        }
    }

    /// Makes a frame zero that nobody holds to be a table.
    void clear(long mfn) {
        memory.zero(mfn);
        ram.clear(mfn);
    }

    long callAddress(long linear) {
        long at = linear - CallMemory.START;
        return (callFrames[(int) (at >> 12)] << 12) + (at & 4095);
    }

    /// Writes a word into a frame that nobody holds to be a table.
    void fill(long mfn, int slot, long value) {
        memory.setWord(mfn, slot, value);
        ram.setWord(mfn, slot, value);
    }

    /// What the specification's tables say of a linear address of the vCPU's.
    ///
    /// @return the frame, or -1 where it may not be accessed so
    long frame(long linear, boolean write) {
        return frame(machine, linear, write);
    }

    /// Likewise of another machine. An address that is not canonical leads nowhere, nor does what
    /// leads behind the machine's memory.
    long frame(Machine of, long linear, boolean write) {
        long at = walked(of, linear, write);
        return at < table.frames() ? at : -1;
    }

    /// Whether the tables of a machine lead from a linear address to what is behind its memory:
    /// what a device answers there is not specified.
    boolean leavesMemory(Machine of, long linear) {
        return walked(of, linear, false) >= table.frames();
    }

    private long walked(Machine of, long linear, boolean write) {
        if (!LinearAddress.canonical(linear)) {
            return -1;
        }
        Option<Mfn> root = of.vcpu(VCPU).root();
        long at = root.isEmpty() ? -1 : root.get().value();
        for (int level = 4; level > 0; level--) {
            long entry = entry(of, at, level, linear);
            if ((entry & 1) == 0 || (write && (entry & 2) == 0)) {
                return -1;
            }
            at = target(entry);
        }
        return at;
    }

    /// Whether an entry of a root that is Xen's own leads to a linear address: a root that is a
    /// table of a lower level below itself or another.
    boolean walksByXens(long linear) {
        Option<Mfn> root = machine.vcpu(VCPU).root();
        long at = root.isEmpty() ? -1 : root.get().value();
        for (int level = 4; level > 0; level--) {
            if (level < 4
                    && XenSlots.has(slot(level, linear))
                    && machine.frame(new Mfn(at)).use().type() == PageType.L4) {
                return true;
            }
            long entry = entry(machine, at, level, linear);
            if ((entry & 1) == 0) {
                return false;
            }
            at = target(entry);
            if (at >= table.frames()) {
                return false;
            }
        }
        return false;
    }

    /// Whether the processor comes by an entry in a frame on its way to a linear address.
    boolean walksBy(long linear, Mfn mfn) {
        Option<Mfn> root = machine.vcpu(VCPU).root();
        long at = root.isEmpty() ? -1 : root.get().value();
        for (int level = 4; level > 0; level--) {
            long entry = entry(machine, at, level, linear);
            if ((entry & 1) == 0) {
                return false;
            }
            if (at == mfn.value()) {
                return true;
            }
            at = target(entry);
        }
        return false;
    }

    /// The entry of a table for a linear address; 0 where there is none, or it is Xen's.
    private long entry(Machine of, long mfn, int level, long linear) {
        int slot = slot(level, linear);
        if (mfn < 0 || mfn >= table.frames() || (level == 4 && XenSlots.has(slot))) {
            return 0;
        }
        Contents contents = of.frame(new Mfn(mfn)).table().contents();
        return contents.known() ? contents.word(slot) : 0;
    }

    private static int slot(int level, long linear) {
        return (int) ((linear >>> (12 + 9 * (level - 1))) & 511);
    }

    private static long target(long entry) {
        return (entry & 0x000F_FFFF_FFFF_F000L) >> 12;
    }

    /// The 8 bytes at a linear address, in the machine.
    long callWord(long linear) {
        long word = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            word |= (callByte(linear + i) & 0xFFL) << (8 * i);
        }
        return word;
    }

    byte callByte(long linear) {
        return ram.byteAt(address(linear));
    }

    /// Gets to know what stands at a page of linear addresses, if it can be read.
    void see(long page) {
        long mfn = frame(page, false);
        if (mfn >= 0) {
            memory.words(mfn);
        }
    }

    /// Whether the caller may write a byte.
    boolean writable(long linear) {
        return CallPages.writable(linear, 1) || frame(linear, true) >= 0;
    }

    /// The machine address of a linear address that can be read.
    long address(long linear) {
        return CallPages.readable(linear, 1)
                ? callAddress(linear)
                : (frame(linear, false) << 12) + (linear & 4095);
    }

    /// Xen takes memory for itself and gives it back when it likes: so which frames are free is
    /// taken over from time to time.
    @SuppressWarnings("ReferenceEquality") // There is one such frame.
    void takeFree() {
        Machine now = machine;
        for (int mfn = 0; mfn < table.frames(); mfn++) {
            Frame frame = machine.frames().get(mfn);
            boolean free = FrameTable.free(table.count(mfn));
            if (free && frame == Frame.XEN) {
                now = now.with(new Mfn(mfn), Frame.FREE);
            } else if (!free && frame.free() && table.owner(mfn) != owner) {
                now = now.with(new Mfn(mfn), Frame.XEN);
            }
        }
        machine = now;
    }
}
