// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.concurrent;

import io.vavr.control.Option;

import org.provisor.refine.concurrent.Scene.Builder;
import org.provisor.refine.concurrent.Scene.Call;
import org.provisor.refine.concurrent.Scene.Word;
import org.provisor.refine.program.FrameName;
import org.provisor.refine.program.FrameNumbers;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.mm.WritablePageTables.GuestWrite;
import org.provisor.spec.state.VcpuId;
import org.provisor.spec.transition.Event;

import java.util.List;

/// The states in which vCPUs meet at chosen points.
///
/// The guest has written tables into its frames that lead from one to the next, a root to a page:
///
///     root[0] -> three[0] -> two[0] -> one[0] -> page
///                            side[0] -> two, linear; side[1] -> one
///
/// A state says which of these are tables by now, and who holds them.
final class Scenes {

    private static final VcpuId CONTROL = Scene.vcpu(TwoVcpus.CONTROL, 0);
    private static final VcpuId OTHER_CONTROL = Scene.vcpu(TwoVcpus.CONTROL, 1);
    private static final VcpuId LEFT = Scene.vcpu(TwoVcpus.GUEST, 0);
    private static final VcpuId RIGHT = Scene.vcpu(TwoVcpus.GUEST, 1);

    private static final String ONE_FRAME = "Returned[value=1]";

    private static final int MAPPING = 0x67;
    private static final int READ_ONLY = 0x25;

    /// Of a page that no processor has used yet, as the hypervisor stores it.
    private static final int UNMARKED = 0x107;

    private final long one;
    private final long two;
    private final long side;
    private final long three;
    private final long root;
    private final long page;
    private final long spare;

    /// @param numbers of the machine's frames
    Scenes(FrameNumbers numbers) {
        one = frame(numbers, 0);
        two = frame(numbers, 1);
        side = frame(numbers, 2);
        three = frame(numbers, 3);
        root = frame(numbers, 4);
        page = frame(numbers, 5);
        spare = frame(numbers, 6);
    }

    private static long frame(FrameNumbers numbers, int index) {
        return numbers.number(FrameName.of(TwoVcpus.GUEST, index));
    }

    /// All of them.
    List<Scene> all() {
        return List.of(
                nothing(),
                idle(),
                rooted(),
                readable(),
                keptByPins(),
                left(),
                linear(),
                partial(),
                foreign(),
                dying());
    }

    // States.

    /// Nothing is a table yet.
    private Scene nothing() {
        return builder("nothing is checked")
                .meet(LEFT, RIGHT)
                .can(pins())
                .can(updates())
                .can(pages())
                .can(List.of(setGdt(spare), setGdt(two), descriptor(spare)))
                .visit(pin(1, "one", one), unpin("one", one))
                .visit(pin(2, "two", two), unpin("two", two))
                .made();
    }

    /// Both vCPUs run on the root, and one was using a page that it could write to.
    private Scene idle() {
        Call mapping = update("one", one, 1, (spare << 12) | MAPPING);
        Call none = update("one", one, 1, 0);
        return builder("a page was mapped")
                .step(LEFT, base("root", root))
                .step(RIGHT, base("root", root))
                .step(RIGHT, mapping)
                .step(RIGHT, none)
                .meet(LEFT, RIGHT)
                .can(List.of(setGdt(spare), pin(1, "spare", spare), pin(4, "spare", spare)))
                .can(List.of(update("two", two, 1, (spare << 12) | MAPPING), mapping, none))
                .can(List.of(decrease("spare", spare), exchange("spare", spare)))
                .can(List.of(clear("spare", spare), descriptor(spare)))
                .visit(mapping, none)
                .visit(pin(1, "spare", spare), unpin("spare", spare))
                .visit(update("two", two, 1, (spare << 12) | MAPPING), update("two", two, 1, 0))
                .made();
    }

    /// Both vCPUs run on the root.
    private Scene rooted() {
        return builder("both run on the root")
                .step(LEFT, pin(4, "root", root))
                .step(LEFT, base("root", root))
                .step(RIGHT, base("root", root))
                .meet(LEFT, RIGHT)
                .can(List.of(unpin("root", root), base("root", root), userBase("root", root)))
                .can(List.of(pin(2, "side", side), unpin("side", side), base("three", three)))
                .can(updates())
                .can(pages())
                .can(List.of(map(spare), map(page), write(8, 0), write(8, (one << 12) | READ_ONLY)))
                .can(List.of(setGdt(spare), setGdt(page), descriptor(spare), descriptor(page)))
                .visit(pin(2, "side", side), unpin("side", side))
                .visit(base("three", three), base("root", root))
                .made();
    }

    /// The table is mapped read-only, and the guest writes to it as if it were not; processors mark
    /// its entries meanwhile.
    private Scene readable() {
        long unmarked = (spare << 12) | UNMARKED;
        long marked = unmarked | Mark.ACCESSED;
        long mapping = (page << 12) | MAPPING;
        return builder("the table can be read")
                .word(new Word(one, 1, (one << 12) | READ_ONLY))
                .word(new Word(one, 2, unmarked))
                .step(LEFT, base("root", root))
                .step(RIGHT, base("root", root))
                .step(LEFT, new Call("assist", c -> c.assist(0)))
                .meet(LEFT, RIGHT)
                .can(List.of(write(0x1010, 0), write(0x1010, mapping)))
                .can(List.of(exchange(unmarked, mapping), exchange(marked, mapping)))
                .can(List.of(exchange(unmarked, marked), exchange(unmarked, 0)))
                .can(List.of(mark("one", one, 2, Mark.ACCESSED), mark("one", one, 1, Mark.DIRTY)))
                .can(List.of(mark("one", one, 2, Mark.ACCESSED | Mark.DIRTY)))
                .can(List.of(update("one", one, 2, 0), update("one", one, 2, mapping)))
                .can(List.of(keeping("one", one, 2, mapping), keeping("one", one, 2, unmarked)))
                .can(List.of(update("one", one, 1, 0), update("two", two, 0, 0)))
                .can(List.of(map(spare), decrease("spare", spare), base("three", three)))
                .made();
    }

    /// The frames are given back, and only a pin keeps them.
    private Scene keptByPins() {
        return builder("a pin keeps all")
                .step(LEFT, pin(3, "three", three))
                .step(LEFT, decrease("three", three), ONE_FRAME)
                .step(LEFT, decrease("two", two), ONE_FRAME)
                .step(LEFT, decrease("one", one), ONE_FRAME)
                .step(LEFT, decrease("page", page), ONE_FRAME)
                .meet(LEFT, RIGHT)
                .can(pins())
                .can(List.of(unpin("three", three), unpin("two", two), unpin("one", one)))
                .can(updates())
                .can(List.of(decrease("page", page), exchange("one", one), clear("page", page)))
                .made();
    }

    /// The right vCPU is to finish a table that nobody else holds.
    private Scene left() {
        return builder("a vCPU has the table to finish")
                .step(LEFT, pin(3, "three", three))
                .step(LEFT, decrease("three", three), ONE_FRAME)
                .step(RIGHT, pin(3, "three", three), "")
                .step(LEFT, unpin("three", three))
                .meet(LEFT, RIGHT)
                .meet(RIGHT, LEFT)
                .can(pins())
                .can(List.of(finish(), unpin("three", three), unpin("two", two)))
                .can(updates())
                .can(List.of(decrease("two", two), exchange("page", page), clear("page", page)))
                .made();
    }

    /// Only a linear entry keeps a table one.
    private Scene linear() {
        return builder("a linear entry keeps the table")
                .step(LEFT, pin(2, "two", two))
                .step(LEFT, pin(2, "side", side))
                .step(LEFT, unpin("two", two))
                .meet(LEFT, RIGHT)
                .can(List.of(pin(2, "two", two), pin(2, "side", side), pin(3, "three", three)))
                .can(List.of(unpin("two", two), unpin("side", side), finish()))
                .can(updates())
                .can(List.of(decrease("two", two), decrease("one", one), exchange("page", page)))
                .visit(pin(2, "two", two), unpin("two", two))
                .made();
    }

    /// A pin was preempted within the table below.
    private Scene partial() {
        return builder("a table is checked in part")
                .step(LEFT, new Call("begin", c -> c.preempted(1, 2, three, 0)), "")
                .meet(LEFT, RIGHT)
                .can(pins())
                .can(List.of(unpin("three", three), finish()))
                .can(updates())
                .can(List.of(decrease("three", three), decrease("two", two)))
                .can(List.of(exchange("page", page), clear("page", page)))
                .visit(pin(2, "two", two), unpin("two", two))
                .visit(pin(3, "three", three), unpin("three", three))
                .made();
    }

    /// The control domain has a hand in the guest's tables.
    private Scene foreign() {
        return builder("the control domain meets the guest")
                .step(LEFT, pin(3, "three", three))
                .meet(CONTROL, LEFT)
                .meet(LEFT, CONTROL)
                .can(pins())
                .can(List.of(unpin("three", three), decrease("three", three)))
                .can(List.of(decrease("page", page), decrease("spare", spare)))
                .can(List.of(exchange("spare", spare), clear("spare", spare)))
                .can(List.of(update("one", one, 0, 0), update("one", one, 1, spare)))
                .made();
    }

    /// The guest is being torn down.
    private Scene dying() {
        return builder("the guest is being torn down")
                .step(LEFT, pin(2, "two", two))
                .step(LEFT, pin(2, "side", side))
                .step(LEFT, pin(3, "three", three))
                .step(CONTROL, destroy(), "")
                .step(CONTROL, destroy(), "")
                .meet(CONTROL, OTHER_CONTROL)
                .can(List.of(destroy(), unpin("three", three), unpin("two", two)))
                .can(List.of(unpin("side", side), decrease("three", three)))
                .can(List.of(decrease("two", two), decrease("one", one)))
                .can(List.of(decrease("page", page), clear("spare", spare), clear("page", page)))
                .can(updates())
                .made();
    }

    private Builder builder(String name) {
        return new Builder(
                name,
                List.of(
                        new Word(one, 0, (page << 12) | MAPPING),
                        new Word(two, 0, (one << 12) | MAPPING),
                        new Word(side, 0, (two << 12) | READ_ONLY),
                        new Word(side, 1, (one << 12) | MAPPING),
                        new Word(three, 0, (two << 12) | MAPPING),
                        new Word(root, 0, (three << 12) | MAPPING)));
    }

    // What vCPUs do.

    private List<Call> pins() {
        return List.of(
                pin(1, "one", one),
                pin(2, "two", two),
                pin(2, "side", side),
                pin(3, "three", three),
                pin(1, "page", page),
                unpin("one", one));
    }

    private List<Call> updates() {
        return List.of(
                update("one", one, 0, 0),
                update("one", one, 0, (two << 12) | READ_ONLY),
                update("one", one, 1, (spare << 12) | MAPPING),
                update("two", two, 0, 0),
                update("two", two, 1, (one << 12) | MAPPING),
                update("side", side, 0, 0),
                update("three", three, 0, 0),
                update("three", three, 1, (side << 12) | MAPPING));
    }

    private List<Call> pages() {
        return List.of(
                decrease("page", page),
                decrease("spare", spare),
                decrease("one", one),
                exchange("page", page),
                exchange("spare", spare),
                clear("spare", spare),
                new Call("copy", c -> c.mmuext(Calls.COPY_PAGE, spare, page)));
    }

    private static Call pin(int level, String name, long mfn) {
        return new Call("pin " + name + " as " + level, c -> c.pin(level, mfn));
    }

    private static Call unpin(String name, long mfn) {
        return new Call("unpin " + name, c -> c.unpin(mfn));
    }

    private static Call base(String name, long mfn) {
        return new Call("run on " + name, c -> c.mmuext(Calls.NEW_BASEPTR, mfn, 0));
    }

    private static Call userBase(String name, long mfn) {
        return new Call("run user mode on " + name, c -> c.mmuext(Calls.NEW_USER_BASEPTR, mfn, 0));
    }

    private static Call finish() {
        return new Call("finish", Calls::finish);
    }

    private static Call update(String name, long mfn, int slot, long entry) {
        return new Call(
                "update " + name + "[" + slot + "] = 0x" + Long.toHexString(entry),
                c -> c.update((mfn << 12) | 8L * slot, entry));
    }

    /// The same; what the processor has marked in the old entry is kept.
    private static Call keeping(String name, long mfn, int slot, long entry) {
        return new Call(
                "update " + name + "[" + slot + "] = 0x" + Long.toHexString(entry) + ", marks kept",
                c -> c.update((mfn << 12) | 8L * slot | Calls.PRESERVE_AD, entry));
    }

    private static Call mark(String name, long mfn, int slot, long bits) {
        return new Call(
                "mark " + name + "[" + slot + "] with 0x" + Long.toHexString(bits),
                c -> new Element(c.by(), new Mark(mfn, slot, bits)));
    }

    private static Call map(long mfn) {
        return new Call(
                "map 0x" + Long.toHexString(mfn),
                c -> c.updateVaMapping(0, (mfn << 12) | MAPPING, 2));
    }

    private static Call write(long linear, long value) {
        return write("write 0x" + Long.toHexString(value), linear, value, Option.none());
    }

    /// A compare-and-exchange of the entry in slot 2 of the table.
    private static Call exchange(long expected, long value) {
        String name = "write 0x%x over 0x%x".formatted(value, expected);
        return write(name, 0x1010, value, Option.some(expected));
    }

    private static Call write(String name, long linear, long value, Option<Long> expected) {
        GuestAddress at = new GuestAddress(linear);
        GuestWrite write = new GuestWrite(at, at, 8, value, expected);
        return new Call(name, c -> c.other(new Event.WriteReadOnly(write), Integer.MAX_VALUE));
    }

    private static Call decrease(String name, long mfn) {
        return new Call("give back " + name, c -> c.decrease(mfn));
    }

    private static Call exchange(String name, long mfn) {
        return new Call("exchange " + name, c -> c.exchange(mfn, 0x200));
    }

    private static Call clear(String name, long mfn) {
        return new Call("clear " + name, c -> c.mmuext(Calls.CLEAR_PAGE, mfn, 0));
    }

    private static Call setGdt(long mfn) {
        return new Call("set_gdt 0x" + Long.toHexString(mfn), c -> c.setGdt(8, mfn));
    }

    private static Call descriptor(long mfn) {
        return new Call(
                "descriptor in 0x" + Long.toHexString(mfn),
                c -> c.updateDescriptor(mfn << 12, 0x00CF_F200_0000_FFFFL));
    }

    private static Call destroy() {
        return new Call("destroy", Calls::destroy);
    }
}
