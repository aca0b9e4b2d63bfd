// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.concurrent;

import org.provisor.impl.mm.FrameTable;
import org.provisor.impl.mm.Host;
import org.provisor.impl.mm.PageType;
import org.provisor.impl.mm.Preemption;
import org.provisor.impl.mm.Vcpu;
import org.provisor.refine.harness.ImplTrace;
import org.provisor.refine.program.CallMemory;
import org.provisor.spec.abi.Bitness;
import org.provisor.spec.abi.CallingConvention;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.Registers;
import org.provisor.spec.state.VcpuId;
import org.provisor.spec.transition.Event;

import java.util.ArrayList;
import java.util.function.Consumer;

/// One of the two vCPUs in a round: what it does, on its own thread.
final class Side implements Preemption {

    private static final int MMU_UPDATE = 1;

    /// How often a call is made again whose table another vCPU works on.
    private static final int RETRIES = 3;

    private final Vcpu vcpu;
    private final VcpuId id;
    private final java.util.List<Element> planned;
    private final Consumer<Vcpu> walk;
    private final Handed memory = new Handed();
    private final java.util.List<Element> done = new ArrayList<>();
    private int patience;
    private boolean failed;

    /// How many elements are done, for the other side to see.
    private volatile int completed;

    /// @param walk has the vCPU's processor remember all translations that there are
    Side(Vcpu vcpu, java.util.List<Element> planned, Consumer<Vcpu> walk) {
        this.vcpu = vcpu;
        this.planned = planned;
        this.walk = walk;
        id = new VcpuId(new Domid(vcpu.domain().id()), vcpu.number());
    }

    /// What was done, when it is over.
    java.util.List<Element> done() {
        return done;
    }

    /// Does what is planned. A table that the vCPU has to finish is finished by a call of its own
    /// first, so that no call does two things.
    void run(Side other) {
        begin();
        for (Element element : planned) {
            if (vcpu.oldTable() != Vcpu.NONE) {
                perform(finish(), other);
            }
            if (failed) {
                return;
            }
            if (element.event instanceof Event.LoadDescriptor(int offset) && !asks(offset)) {
                continue;
            }
            perform(element, other);
            retry(element, other);
        }
    }

    /// Does what is planned, each once and nothing else.
    void once(Side other) {
        begin();
        planned.forEach(element -> perform(element, other));
    }

    private void begin() {
        vcpu.setGuestMemory(memory);
        vcpu.setPreemption(this);
    }

    /// Whether the processor would ask for a page of the local descriptor table.
    private boolean asks(int offset) {
        return offset < vcpu.ldtEntries() * 8L && vcpu.ldtFrame(offset >>> 12) == Vcpu.NONE;
    }

    private void retry(Element first, Side other) {
        Element last = first;
        for (int retry = 0; retry < RETRIES && !failed; retry++) {
            Registers before = last.registers;
            if (before == null || !last.calls.again() || vcpu.oldTable() != Vcpu.NONE) {
                return;
            }
            last = call(last.calls.after(before), last.handed);
            perform(last, other);
        }
    }

    private Element finish() {
        Registers registers =
                new Registers(
                        Bitness.BITS_64, MMU_UPDATE, CallMemory.START, 0, 0, Calls.SELF, 0, 0);
        return call(registers, new long[Handed.WORDS]);
    }

    private Element call(Registers registers, long[] handed) {
        Event event = new Event.Call(CallingConvention.decode(registers));
        return new Element(id, event, registers, handed, Integer.MAX_VALUE);
    }

    private void perform(Element element, Side other) {
        memory.begin(element.handed);
        patience = element.patience;
        long traced = vcpu.trace().written();
        try {
            Turns.point();
            element.othersBefore = other.completed;
            element.began = Turns.time();
            walk.accept(vcpu);
            take(element);
            walk.accept(vcpu);
            Turns.point();
        } catch (RuntimeException | AssertionError | StackOverflowError e) {
            element.thrown = e;
            failed = true;
        }
        element.ended = Turns.time();
        done.add(element);
        element.allocations = ImplTrace.allocations(vcpu.trace(), traced);
        element.written = memory.written();
        completed = done.size();
    }

    private void take(Element element) {
        Mark mark = element.mark;
        Event event = element.event;
        if (mark != null) {
            Turns.undisturbed(() -> element.marked = marked(mark));
        } else if (event != null) {
            element.calls.take(vcpu, event, element.registers);
        }
    }

    /// Has the processor mark an entry.
    ///
    /// @return what stood there, or [Mark#NOTHING]
    private long marked(Mark mark) {
        Host host = vcpu.host();
        long type = host.frames().type(mark.mfn());
        int level = FrameTable.typeOf(type);
        boolean walked =
                level >= PageType.L1
                        && level <= PageType.L4
                        && (type & FrameTable.VALIDATED) != 0
                        && (type & FrameTable.TYPE_REFERENCES) != 0;
        long at = (mark.mfn() << 12) + 8L * mark.slot();
        long there = host.memory().word(at);
        if (!walked || !mark.marks(there)) {
            return Mark.NOTHING;
        }
        host.memory().setWord(at, there | mark.bits());
        return there;
    }

    @Override
    public boolean due() {
        if (patience == 0) {
            return true;
        }
        patience--;
        return false;
    }
}
