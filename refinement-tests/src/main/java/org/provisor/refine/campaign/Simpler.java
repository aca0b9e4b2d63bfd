// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.campaign;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.program.Action;
import org.provisor.refine.program.Action.Flip;
import org.provisor.refine.program.Action.Stimulus;
import org.provisor.refine.program.Operand;

import java.util.ArrayList;
import java.util.List;

/// Actions that are simpler than others.
final class Simpler {

    private static final long MMU_UPDATE = 1;
    private static final long MMUEXT_OP = 26;

    private Simpler() {}

    /// How far an action is from the simplest; never negative.
    static int weight(Action action) {
        return switch (action) {
            case Action.Call call -> {
                int weight = weight(call.stimulus()) + call.vcpu();
                for (Operand argument : call.arguments()) {
                    weight += 1 + weight(argument);
                }
                yield weight;
            }
            case Action.Poke poke -> weight(poke.value());
            case Action.Fill fill -> weight(fill.value()) + Integer.bitCount(fill.slot());
            case Action.Destroy destroy -> weight(destroy.stimulus());
            case Action.LoadDescriptor load -> load.vcpu() + Integer.bitCount(load.offset());
            case Action.WriteReadOnly write ->
                    write.vcpu() + weight(write.value()) + (write.expected() == null ? 0 : 1);
            case Action.Arrive arrive -> weight(arrive);
        };
    }

    private static int weight(Stimulus stimulus) {
        return 4 * stimulus.flips().size()
                + Long.bitCount(stimulus.failed())
                + (stimulus.patience() == Integer.MAX_VALUE
                        ? 0
                        : 32 - Integer.numberOfLeadingZeros(stimulus.patience()) + 1)
                + (stimulus.attempts() == Integer.MAX_VALUE ? 0 : 1);
    }

    private static int weight(Operand operand) {
        return Long.bitCount(operand.base()) + (operand.frame() == null ? 0 : 8);
    }

    /// Actions to try instead of this, the simplest first.
    static List<Action> than(Action action) {
        List<Action> simpler = new ArrayList<>();
        switch (action) {
            case Action.Call call -> calls(simpler, call);
            case Action.Poke(int domain, long linear, Operand value) ->
                    operands(value).forEach(v -> simpler.add(new Action.Poke(domain, linear, v)));
            case Action.Fill(int domain, Operand frame, int slot, Operand value) -> {
                operands(value).forEach(v -> simpler.add(new Action.Fill(domain, frame, slot, v)));
                if (slot != 0) {
                    simpler.add(new Action.Fill(domain, frame, 0, value));
                }
            }
            case Action.Destroy(int by, int domain, Stimulus stimulus) ->
                    stimuli(stimulus).forEach(s -> simpler.add(new Action.Destroy(by, domain, s)));
            case Action.LoadDescriptor(int domain, int vcpu, int offset) -> {
                if (offset != 0) {
                    simpler.add(new Action.LoadDescriptor(domain, vcpu, 0));
                    simpler.add(new Action.LoadDescriptor(domain, vcpu, offset & ~0xFFF));
                }
                if (vcpu != 0) {
                    simpler.add(new Action.LoadDescriptor(domain, 0, offset));
                }
            }
            case Action.WriteReadOnly write -> writes(simpler, write);
            case Action.Arrive arrive -> arrivals(simpler, arrive);
        }
        simpler.removeIf(each -> weight(each) >= weight(action));
        return simpler;
    }

    private static void calls(List<Action> simpler, Action.Call call) {
        for (Stimulus stimulus : stimuli(call.stimulus())) {
            simpler.add(with(call, call.arguments(), stimulus));
        }
        batches(simpler, call);
        List<Operand> arguments = call.arguments();
        if (!arguments.isEmpty()) {
            simpler.add(with(call, arguments.subList(0, arguments.size() - 1), call.stimulus()));
        }
        for (int i = 0; i < arguments.size(); i++) {
            for (Operand operand : operands(arguments.get(i))) {
                List<Operand> changed = new ArrayList<>(arguments);
                changed.set(i, operand);
                simpler.add(with(call, changed, call.stimulus()));
            }
        }
        if (call.vcpu() != 0) {
            simpler.add(
                    new Action.Call(
                            call.domain(), 0, call.number(), call.arguments(), call.stimulus()));
        }
    }

    private static Action.Call with(Action.Call call, List<Operand> arguments, Stimulus stimulus) {
        return new Action.Call(
                call.domain(), call.vcpu(), call.number(), List.copyOf(arguments), stimulus);
    }

    /// Shorter batches: halves, then each element alone, then all but the first or the last.
    private static void batches(List<Action> simpler, Action.Call call) {
        long number = call.number().base();
        long size = number == MMU_UPDATE ? 16 : number == MMUEXT_OP ? 24 : 0;
        if (size == 0 || call.number().frame() != null || call.arguments().size() < 2) {
            return;
        }
        Operand list = call.arguments().get(0);
        long count = call.arguments().get(1).base();
        if (list.frame() != null || count < 2 || count > 1000) {
            return;
        }
        simpler.add(batch(call, list.base() + size * (count / 2), count - count / 2));
        simpler.add(batch(call, list.base(), count / 2));
        for (int i = 0; i < Math.min(count, 16); i++) {
            simpler.add(batch(call, list.base() + size * i, 1));
        }
        simpler.add(batch(call, list.base() + size, count - 1));
        simpler.add(batch(call, list.base(), count - 1));
    }

    private static Action batch(Action.Call call, long list, long count) {
        List<Operand> arguments = new ArrayList<>(call.arguments());
        arguments.set(0, Operand.of(list));
        arguments.set(1, Operand.of(count));
        return with(call, arguments, call.stimulus());
    }

    private static void writes(List<Action> simpler, Action.WriteReadOnly write) {
        if (write.expected() != null) {
            simpler.add(with(write, write.vcpu(), write.value(), null));
        }
        for (Operand value : operands(write.value())) {
            simpler.add(with(write, write.vcpu(), value, write.expected()));
        }
        if (write.vcpu() != 0) {
            simpler.add(with(write, 0, write.value(), write.expected()));
        }
    }

    private static Action with(
            Action.WriteReadOnly write, int vcpu, Operand value, @Nullable Operand expected) {
        return new Action.WriteReadOnly(
                write.domain(), vcpu, write.cr2(), write.address(), write.bytes(), value, expected);
    }

    private static int weight(Action.Arrive arrive) {
        Action.Frame frame = arrive.frame();
        return arrive.vcpu()
                + Long.bitCount(arrive.code())
                + Long.bitCount(arrive.cr2())
                + Long.bitCount(frame.rip())
                + Integer.bitCount(frame.cs())
                + Long.bitCount(frame.rflags())
                + Long.bitCount(frame.rsp())
                + Integer.bitCount(frame.ss())
                + Long.bitCount(frame.rcx())
                + Long.bitCount(frame.r11())
                + Integer.bitCount(arrive.upcallMask());
    }

    /// One register after the other as 0, then what comes with the cause.
    private static void arrivals(List<Action> simpler, Action.Arrive arrive) {
        Action.Frame f = arrive.frame();
        for (Action.Frame frame :
                List.of(
                        new Action.Frame(0, f.cs(), f.rflags(), f.rsp(), f.ss(), f.rcx(), f.r11()),
                        new Action.Frame(f.rip(), 3, f.rflags(), f.rsp(), f.ss(), f.rcx(), f.r11()),
                        new Action.Frame(f.rip(), f.cs(), 2, f.rsp(), f.ss(), f.rcx(), f.r11()),
                        new Action.Frame(f.rip(), f.cs(), f.rflags(), 0, f.ss(), f.rcx(), f.r11()),
                        new Action.Frame(f.rip(), f.cs(), f.rflags(), f.rsp(), 3, f.rcx(), f.r11()),
                        new Action.Frame(f.rip(), f.cs(), f.rflags(), f.rsp(), f.ss(), 0, f.r11()),
                        new Action.Frame(
                                f.rip(), f.cs(), f.rflags(), f.rsp(), f.ss(), f.rcx(), 0))) {
            simpler.add(with(arrive, arrive.code(), arrive.cr2(), frame, arrive.upcallMask()));
        }
        simpler.add(with(arrive, 0, arrive.cr2(), f, arrive.upcallMask()));
        simpler.add(with(arrive, arrive.code(), 0, f, arrive.upcallMask()));
        simpler.add(with(arrive, arrive.code(), arrive.cr2(), f, 0));
    }

    private static Action with(
            Action.Arrive arrive, long code, long cr2, Action.Frame frame, int mask) {
        return new Action.Arrive(
                arrive.domain(),
                arrive.vcpu(),
                arrive.cause(),
                arrive.vector(),
                code,
                cr2,
                frame,
                mask,
                arrive.upcallPending());
    }

    private static List<Stimulus> stimuli(Stimulus stimulus) {
        List<Stimulus> simpler = new ArrayList<>();
        if (stimulus.equals(Stimulus.NONE)) {
            return simpler;
        }
        int patience = stimulus.patience();
        long failed = stimulus.failed();
        List<Flip> flips = stimulus.flips();
        int attempts = stimulus.attempts();
        simpler.add(Stimulus.NONE);
        simpler.add(new Stimulus(patience, failed, flips));
        simpler.add(new Stimulus(Integer.MAX_VALUE, failed, flips, attempts));
        simpler.add(new Stimulus(patience, 0, flips, attempts));
        simpler.add(new Stimulus(patience, failed, List.of(), attempts));
        simpler.add(new Stimulus(patience, failed & -failed, flips, attempts));
        for (int i = 0; i < flips.size(); i++) {
            List<Flip> fewer = new ArrayList<>(flips);
            fewer.remove(i);
            simpler.add(new Stimulus(patience, failed, List.copyOf(fewer), attempts));
        }
        if (patience != Integer.MAX_VALUE) {
            simpler.add(new Stimulus(0, failed, flips, attempts));
            simpler.add(new Stimulus(patience / 2, failed, flips, attempts));
            simpler.add(new Stimulus(Math.max(patience - 1, 0), failed, flips, attempts));
        }
        return simpler;
    }

    private static List<Operand> operands(Operand operand) {
        List<Operand> simpler = new ArrayList<>();
        if (operand.frame() != null) {
            simpler.add(Operand.of(operand.base()));
        }
        long base = operand.base();
        simpler.add(new Operand(0, operand.frame(), operand.shift()));
        simpler.add(new Operand(base & 7, operand.frame(), operand.shift()));
        simpler.add(new Operand(base & 0xFFF, operand.frame(), operand.shift()));
        simpler.add(new Operand(base & 0xFFFF_FFFFL, operand.frame(), operand.shift()));
        for (long left = base; left != 0; left &= left - 1) {
            if (Long.bitCount(base) <= 12) {
                simpler.add(
                        new Operand(
                                base & ~Long.lowestOneBit(left), operand.frame(), operand.shift()));
            }
        }
        simpler.removeIf(each -> weight(each) >= weight(operand));
        return simpler;
    }
}
