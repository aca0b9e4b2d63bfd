// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.harness;

import org.jspecify.annotations.Nullable;
import org.provisor.impl.memory.MachineMemory;
import org.provisor.impl.mm.FrameTable;
import org.provisor.impl.mm.Host;
import org.provisor.refine.abstraction.MachineAbstraction;
import org.provisor.refine.program.World;
import org.provisor.spec.invariant.Invariant;
import org.provisor.spec.state.Machine;

/// Runs programs on the implementation, compared with the specification.
///
/// The memory of a machine is kept for the next one; of it only frames are cleared that were
/// written.
public final class ImplSubject implements Subject {

    private final Switches switches;

    private @Nullable World world;
    private @Nullable Started started;
    private @Nullable ImplRun last;

    /// What machines of one world have in common.
    ///
    /// @param memory of the machine of this world that runs
    /// @param mirror the same as the specification has it
    /// @param words what stands in memory when a machine has started
    /// @param counts the words of the frame table then
    /// @param types likewise
    /// @param machine the machine then
    @SuppressWarnings("ArrayRecordComponent")
    private record Started(
            MachineMemory memory,
            Mirror mirror,
            long[] words,
            long[] counts,
            long[] types,
            Machine machine) {}

    public ImplSubject(Switches switches) {
        this.switches = switches;
    }

    @Override
    public Run start(World now) {
        Started before = started;
        if (before == null || !now.equals(world)) {
            close();
            MachineMemory memory = MachineMemory.ofFrames(now.frames());
            try {
                return first(now, memory);
            } catch (RuntimeException e) {
                memory.close();
                throw e;
            }
        }
        clear(before);
        ImplBoot boot = new ImplBoot(now, before.memory(), switches);
        if (!same(boot.host, before)) {
            throw new IllegalStateException("a machine did not start as another of its world did");
        }
        return run(now, boot, before);
    }

    private Run first(World now, MachineMemory memory) {
        ImplBoot boot = new ImplBoot(now, memory, switches);
        int frames = now.frames();
        Mirror mirror = new Mirror(now, boot.numbers(), boot.host.machineToPhysicalEntry());
        long[] counts = new long[frames];
        long[] types = new long[frames];
        for (int mfn = 0; mfn < frames; mfn++) {
            counts[mfn] = boot.host.frames().count(mfn);
            types[mfn] = boot.host.frames().type(mfn);
            for (int slot = 0; slot < Mirror.SLOTS; slot++) {
                mirror.setFirstWord(
                        mfn, slot, memory.word(((long) mfn << 12) + ((long) slot << 3)));
            }
        }
        Machine machine = MachineAbstraction.machine(boot.host, boot.ids());
        var violation = Invariant.violated(new Phantoms(now, boot.numbers()).without(machine));
        if (violation.isDefined()) {
            throw new IllegalArgumentException("no machine can start so: " + violation.get());
        }
        Started made = new Started(memory, mirror, mirror.words().clone(), counts, types, machine);
        world = now;
        started = made;
        return run(now, boot, made);
    }

    private Run run(World now, ImplBoot boot, Started made) {
        ImplRun run = new ImplRun(now, boot, made.mirror(), made.machine(), switches);
        last = run;
        return run;
    }

    /// Has memory be zero again. After a difference nobody knows what was written.
    private void clear(Started before) {
        MachineMemory memory = before.memory();
        Mirror mirror = before.mirror();
        if (last == null || !last.agreed()) {
            memory.segment().fill((byte) 0);
        } else {
            for (int mfn = 0; mfn < memory.frames(); mfn++) {
                if (mirror.dirty(mfn) || (before.counts()[mfn] & FrameTable.SPECIAL) != 0) {
                    memory.clear(mfn);
                }
            }
        }
        mirror.reset(before.words());
    }

    private static boolean same(Host host, Started before) {
        for (int mfn = 0; mfn < before.counts().length; mfn++) {
            if (host.frames().count(mfn) != before.counts()[mfn]
                    || host.frames().type(mfn) != before.types()[mfn]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        if (started != null) {
            started.memory().close();
            started = null;
        }
    }
}
