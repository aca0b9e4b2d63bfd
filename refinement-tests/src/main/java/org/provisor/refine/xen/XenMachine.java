// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.xen;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.program.CallMemory;
import org.provisor.spec.abi.VmAssistType;
import org.provisor.spec.state.Machine;

import java.util.BitSet;

/// Xen from its start to its end, for one program after the other.
public final class XenMachine implements AutoCloseable {

    /// Frames of the domain that have names, the last of them the table that leads to the probe.
    public static final int NAMED = 96;

    private static final int MEMORY_OP = 12;
    private static final int MMU_UPDATE = 1;
    private static final int CURRENT_RESERVATION = 3;
    private static final int MAXIMUM_RESERVATION = 4;
    private static final int SET_GDT = 2;
    private static final int VM_ASSIST = 21;
    private static final int MMUEXT_OP = 26;
    private static final int NEW_BASEPTR = 5;
    private static final int SET_LDT = 13;
    private static final int NEW_USER_BASEPTR = 15;
    private static final int SET_MEMORY_MAP = 13;
    private static final int CLAIM = 24;
    private static final long SELF = 0x7FF0;

    private static final long PRESENT = 1;
    private static final long FRAME = 0x000F_FFFF_FFFF_F000L;

    private final ProbeHost host;
    private final FrameTable table;
    private final long root;
    private final long calls;
    private final long maxPages;
    private final XenPair pair;
    private final PoolReset reset;

    private XenMachine(ProbeHost host) {
        this.host = host;
        Mailbox box = host.mailbox();
        GuestRam ram = host.ram();
        root = box.root();
        table = host.table();
        check(table, root);
        calls = ram.walk(root, CallMemory.START).address();
        maxPages = ask(MAXIMUM_RESERVATION);
        long[] names = pool(table, root);
        names[NAMED - 1] = (ram.word(root, CallMemory.ROOT_SLOT) & FRAME) >> 12;
        hold(box, ram, calls, names);
        PoolNumbers numbers =
                new PoolNumbers(
                        table.frames(),
                        names,
                        host.devices(),
                        box.sharedInfo() >> 12,
                        someOfXens(table));
        ProbeFrames probe = new ProbeFrames(root, names[NAMED - 1], standing(ram, table, root));
        pair = new XenPair(host, new Sides(ram, table, numbers, root, machine()), probe);
        reset = new PoolReset(pair);
    }

    /// Something that a domain can ask about itself.
    private long ask(int command) {
        host.ram().setWord(calls, SELF);
        long answer = host.mailbox().call(MEMORY_OP, command, CallMemory.START);
        host.ram().setWord(calls, 0);
        return answer;
    }

    /// The machine as it is now, of a vCPU that has a root and nothing else.
    private Machine machine() {
        return host.machine(ask(CURRENT_RESERVATION), maxPages);
    }

    /// Starts one.
    ///
    /// @throws XenLostException if it does not start
    /// @throws IllegalStateException if it is a Xen whose tables look different
    public static XenMachine start(ProbeHost.Setup setup) {
        ProbeHost host = setup.boot();
        try {
            return new XenMachine(host);
        } catch (RuntimeException e) {
            host.close();
            throw e;
        }
    }

    /// Whether Xen's table of frames says of a frame what it must say: the root table on which the
    /// probe runs.
    private static void check(FrameTable table, long root) {
        long count = table.count((int) root);
        long type = table.type((int) root);
        boolean good =
                (count & FrameTable.ALLOCATED) != 0
                        && FrameTable.references(count) >= 3
                        && FrameTable.references(count) < 16
                        && FrameTable.type(type) == FrameTable.TYPE_L4
                        && (type & FrameTable.VALIDATED) != 0
                        && (type & FrameTable.PINNED) != 0
                        && FrameTable.typeReferences(type) == 2
                        && table.owner((int) root) != 0;
        if (!good) {
            throw new IllegalStateException(
                    "this Xen's table of frames is laid out differently: the root table's entry is "
                            + "0x%x 0x%x".formatted(count, type));
        }
    }

    /// Frames that nobody refers to but the domain, and that were never used.
    private static long[] pool(FrameTable table, long root) {
        long[] names = new long[NAMED];
        int count = 0;
        for (int mfn = 0; mfn < table.frames() && count < NAMED - 1; mfn++) {
            if (table.owner(mfn) == table.owner((int) root)
                    && table.count(mfn) == (FrameTable.ALLOCATED | 1)
                    && table.type(mfn) == 0) {
                names[count++] = mfn;
            }
        }
        if (count < NAMED - 1) {
            throw new IllegalStateException("the probe's domain has too little memory");
        }
        return names;
    }

    /// Writes a word into each frame by a call, so that each was last used as writable.
    private static void hold(Mailbox box, GuestRam ram, long calls, long[] names) {
        for (int i = 0; i < names.length - 1; i++) {
            ram.setWord(calls + 16L * i, names[i] << 12);
            ram.setWord(calls + 16L * i + 8, 0);
        }
        long result = box.call(MMU_UPDATE, CallMemory.START, names.length - 1, 0, SELF);
        if (result != 0) {
            throw new IllegalStateException("writing to the domain's frames: " + result);
        }
        ram.clear(calls >> 12);
        for (int i = 0; i < names.length - 1; i++) {
            ram.clear(names[i]);
        }
    }

    private static long someOfXens(FrameTable table) {
        for (int mfn = table.frames() - 1; mfn >= 0; mfn--) {
            if (table.count(mfn) == FrameTable.XEN_HEAP && table.owner(mfn) == 0) {
                return mfn;
            }
        }
        throw new IllegalStateException("no frame is Xen's own");
    }

    /// All frames below the probe's slot of its root, tables and pages, and the root.
    private static BitSet standing(GuestRam ram, FrameTable table, long root) {
        BitSet all = new BitSet(table.frames());
        all.set((int) root);
        add(ram, all, ram.word(root, CallMemory.ROOT_SLOT), 3);
        return all;
    }

    private static void add(GuestRam ram, BitSet all, long entry, int level) {
        if ((entry & PRESENT) == 0) {
            return;
        }
        long mfn = (entry & FRAME) >> 12;
        all.set((int) mfn);
        for (int slot = 0; level > 0 && slot < SpecMemory.SLOTS; slot++) {
            add(ram, all, ram.word(mfn, slot), level - 1);
        }
    }

    XenPair pair() {
        return pair;
    }

    public ProbeHost host() {
        return host;
    }

    /// Undoes what a program has left and shows that nothing is left.
    ///
    /// @return what is, or null
    @Nullable String reset() {
        return reset.reset();
    }

    /// The same where Xen and the specification do not agree any more: what the vCPU and the domain
    /// have is taken away by calls to Xen alone, the rest is read off Xen's table of frames anew.
    @Nullable String recover() {
        Mailbox box = host.mailbox();
        operation(NEW_BASEPTR, root);
        operation(NEW_USER_BASEPTR, 0);
        operation(SET_LDT, 0);
        box.call(SET_GDT, CallMemory.START, 0);
        for (VmAssistType type : VmAssistType.values()) {
            box.call(VM_ASSIST, 1, type.number());
        }
        GuestRam ram = host.ram();
        ram.clear(calls >> 12);
        box.call(MEMORY_OP, CLAIM, CallMemory.START);
        ram.setWord(calls, SELF);
        ram.setWord(calls + 16, CallMemory.START + 64);
        box.call(MEMORY_OP, SET_MEMORY_MAP, CallMemory.START);
        pair.restart(machine());
        return reset.reset();
    }

    private void operation(int command, long first) {
        GuestRam ram = host.ram();
        ram.setWord(calls, command);
        ram.setWord(calls + 8, first);
        ram.setWord(calls + 16, 0);
        host.mailbox().call(MMUEXT_OP, CallMemory.START, 1, 0, SELF);
    }

    @Override
    public void close() {
        host.close();
    }
}
