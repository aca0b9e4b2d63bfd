// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.concurrent;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.harness.BootNumbers;
import org.provisor.refine.harness.Difference;
import org.provisor.refine.program.FrameName;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.Hypercall;
import org.provisor.spec.abi.MemoryOpWord;
import org.provisor.spec.abi.MmuCommand;
import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.abi.Registers;
import org.provisor.spec.mm.WritablePageTables.GuestWrite;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.Table;
import org.provisor.spec.state.TypeUse;
import org.provisor.spec.transition.Event;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// A round in words: what is wrong, what both vCPUs did in the order in which it began and ended,
/// and the machine before. Frames have their names, where they have one.
final class RoundText {

    private static final String INDENT = "  ";

    private final BootNumbers numbers;

    RoundText(BootNumbers numbers) {
        this.numbers = numbers;
    }

    /// What no order explains.
    ///
    /// @param words all words of memory before the round
    /// @param wrong what is wrong with the orders that come furthest
    String told(
            Machine before,
            long[] words,
            List<Element> first,
            List<Element> second,
            Collection<Difference> wrong) {
        StringBuilder text = new StringBuilder("what is wrong:\n");
        wrong.forEach(each -> line(text, each.part() + ": " + each.explanation()));
        text.append("what the vCPUs did:\n");
        List<Line> lines = new ArrayList<>();
        for (List<Element> side : List.of(first, second)) {
            for (Element element : side) {
                lines.add(new Line(element.began, element.by + " begins " + call(element)));
                lines.add(new Line(element.ended, element.by + " ends: " + ending(element)));
            }
        }
        lines.sort(Comparator.comparingLong(Line::at));
        lines.forEach(each -> line(text, each.text));
        text.append("the machine before:\n");
        for (int mfn = 0; mfn < TwoVcpus.FRAMES; mfn++) {
            Frame frame = before.frames().get(mfn);
            if (!frame.free() && !frame.ownedBy(Domid.XEN)) {
                line(text, frame(mfn, frame, words));
            }
        }
        return text.toString();
    }

    private record Line(long at, String text) {}

    private static void line(StringBuilder text, String said) {
        text.append(INDENT).append(said).append('\n');
    }

    private static String ending(Element element) {
        Throwable thrown = element.thrown;
        if (thrown == null && element.mark != null) {
            return "marked";
        }
        if (thrown == null) {
            return element.calls
                    + (element.written.isEmpty() ? "" : ", " + element.written.mkString(" "));
        }
        StringBuilder text = new StringBuilder(thrown.toString());
        for (StackTraceElement frame : thrown.getStackTrace()) {
            if (frame.getClassName().startsWith(SwitchPoints.PACKAGES)) {
                text.append('\n').append(INDENT.repeat(2)).append("at ").append(frame);
            }
        }
        return text.toString();
    }

    // Frames.

    private String frame(int mfn, Frame frame, long[] words) {
        TypeUse use = frame.use();
        StringBuilder text = new StringBuilder(name(mfn));
        text.append(" of ").append(frame.owner());
        text.append(frame.allocated() ? ", allocated" : "");
        text.append(", references ").append(frame.refs());
        text.append(", ").append(use.type()).append(' ').append(use.count());
        text.append(use.pinned() ? " pinned" : "");
        if (use.type().isPageTable()) {
            text.append(' ').append(use.validity());
            Table table = use.table();
            if (table.validated() != 0 || table.partialEntry()) {
                text.append(" to ").append(table.validated());
                text.append(table.partialEntry() ? " and a part" : "");
            }
            text.append(table.linear() == 0 ? "" : ", linear " + table.linear());
        }
        for (int slot = 0; slot < Plan.SLOTS; slot++) {
            long word = words[mfn * TwoVcpus.SLOTS + slot];
            text.append(word == 0 ? "" : ", [" + slot + "] " + entry(word));
        }
        return text.toString();
    }

    private String name(long mfn) {
        FrameName name = numbers.name(mfn);
        return name == null ? "mfn " + number(mfn) : name.toString();
    }

    private String entry(long word) {
        return name(word >>> 12 & 0xFF_FFFF_FFFFL) + ":" + number(word & ~0xF_FFFF_FFFF_F000L);
    }

    private static String number(long number) {
        return number >= 0 && number < 10 ? Long.toString(number) : "0x" + Long.toHexString(number);
    }

    // Calls.

    private String call(Element element) {
        Registers registers = element.registers;
        return switch (element.event) {
            case Event.Destroy(var domain) -> "destroy " + domain;
            case Event.LoadDescriptor(int offset) -> "load-descriptor " + number(offset);
            case Event.WriteReadOnly(GuestWrite write) ->
                    "write "
                            + number(write.cr2().value())
                            + " = "
                            + entry(write.value())
                            + write.expected().map(was -> " if " + entry(was)).getOrElse("");
            case Event.Arrive(var arrival) -> "arrive " + arrival.cause();
            case null -> mark(element);
            case Event.Call _ ->
                    registers == null ? "" : call(registers, element.handed, hypercall(registers));
        };
    }

    private String mark(Element element) {
        Mark mark = element.mark;
        return mark == null
                ? ""
                : "mark "
                        + name(mark.mfn())
                        + "["
                        + mark.slot()
                        + "] with "
                        + number(mark.bits())
                        + (element.marked == Mark.NOTHING
                                ? ", which it does not"
                                : ", finding " + entry(element.marked));
    }

    private static @Nullable Hypercall hypercall(Registers registers) {
        for (Hypercall each : Hypercall.values()) {
            if (each.number() == registers.rax()) {
                return each;
            }
        }
        return null;
    }

    private String call(Registers registers, long[] words, @Nullable Hypercall hypercall) {
        String name =
                hypercall == null
                        ? "hypercall " + number(registers.rax())
                        : hypercall.xenName().substring("__HYPERVISOR_".length());
        return switch (hypercall) {
            case MMU_UPDATE ->
                    registers.arg2() == 0
                            ? name + " of nothing"
                            : name + update(words) + whose(registers.arg4());
            case MMUEXT_OP -> name + extended(words) + whose(registers.arg4());
            case MEMORY_OP ->
                    name
                            + " "
                            + new MemoryOpWord(registers.arg1())
                                    .command()
                                    .map(each -> each.xenName().substring("XENMEM_".length()))
                                    .getOrElse("")
                            + " "
                            + name(words[Calls.GIVEN])
                            + whose(words[3]);
            case UPDATE_VA_MAPPING ->
                    name
                            + " "
                            + number(registers.arg1())
                            + " = "
                            + entry(registers.arg2())
                            + " flags "
                            + number(registers.arg3());
            case null, default ->
                    name
                            + " "
                            + number(registers.arg1())
                            + " "
                            + number(registers.arg2())
                            + " ["
                            + entry(words[0] << 12)
                            + "]";
        };
    }

    private String update(long[] words) {
        long command = words[0] & 3;
        return " "
                + name(words[0] >>> 12)
                + "["
                + (words[0] >>> 3 & 0x1FF)
                + "] = "
                + entry(words[1])
                + (command == MmuCommand.NORMAL_PT_UPDATE.number() ? "" : " command " + command);
    }

    private String extended(long[] words) {
        String name = "command " + number(words[0]);
        for (MmuextCommand each : MmuextCommand.values()) {
            if (each.number() == words[0]) {
                name = each.xenName().substring("MMUEXT_".length()).toLowerCase(Locale.ROOT);
            }
        }
        return " "
                + name
                + " "
                + (words[0] == Calls.SET_LDT ? number(words[1]) : name(words[1]))
                + (words[0] == Calls.COPY_PAGE ? " from " + name(words[2]) : "");
    }

    private static String whose(long word) {
        return word == Calls.SELF ? "" : " of d" + (word & 0xFFFF);
    }
}
