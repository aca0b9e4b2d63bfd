// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.trace;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.program.Action;
import org.provisor.refine.program.Action.Flip;
import org.provisor.refine.program.Action.Stimulus;
import org.provisor.refine.program.Operand;
import org.provisor.refine.program.World;
import org.provisor.refine.program.World.DomainSetup;
import org.provisor.refine.program.World.Heavy;

import java.util.Locale;

/// Writes programs.
final class TracePrinter {

    private TracePrinter() {}

    static void world(StringBuilder text, World world) {
        text.append("world frames=").append(world.frames());
        text.append(" devices=").append(world.deviceFrames());
        text.append(" processors=").append(world.processors());
        text.append(world.linearTables() ? " linear" : "").append('\n');
        for (DomainSetup domain : world.domains()) {
            domain(text, domain);
        }
        for (Heavy heavy : world.heavy()) {
            text.append("heavy ").append(heavy.frame());
            text.append(" references=").append(Numbers.text(heavy.references()));
            text.append(" types=").append(Numbers.text(heavy.typeReferences())).append('\n');
        }
        text.append('\n');
    }

    private static void domain(StringBuilder text, DomainSetup domain) {
        text.append("domain d").append(domain.id());
        text.append(" pages=").append(domain.pages());
        text.append(" shared=").append(domain.shared());
        text.append(" max=").append(domain.maxPages());
        text.append(" vcpus=").append(domain.vcpus());
        text.append(domain.idle() == 0 ? "" : " idle=" + domain.idle());
        text.append(domain.target() < 0 ? "" : " target=d" + domain.target());
        text.append(domain.privileged() ? " privileged" : "");
        text.append(domain.devices() ? " devices" : "");
        text.append(domain.ports() ? " ports" : "");
        text.append(domain.assigned() ? " assigned" : "").append('\n');
    }

    static void action(StringBuilder line, Action action) {
        switch (action) {
            case Action.Call call -> call(line, call);
            case Action.Poke poke ->
                    line.append('d')
                            .append(poke.domain())
                            .append(" poke ")
                            .append(Numbers.text(poke.linear()))
                            .append(" = ")
                            .append(operand(poke.value()));
            case Action.Fill fill ->
                    line.append('d')
                            .append(fill.domain())
                            .append(" fill ")
                            .append(operand(fill.frame()))
                            .append('[')
                            .append(fill.slot())
                            .append("] = ")
                            .append(operand(fill.value()));
            case Action.Destroy destroy -> {
                line.append('d').append(destroy.by());
                line.append(" destroy d").append(destroy.domain());
                stimulus(line, destroy.stimulus());
            }
            case Action.LoadDescriptor load -> {
                vcpu(line, load.domain(), load.vcpu());
                line.append(" load-descriptor ").append(Numbers.text(load.offset()));
            }
            case Action.WriteReadOnly write -> write(line, write);
            case Action.Arrive arrive -> arrive(line, arrive);
        }
    }

    private static void arrive(StringBuilder line, Action.Arrive arrive) {
        vcpu(line, arrive.domain(), arrive.vcpu());
        line.append(" arrive ").append(arrive.cause().name().toLowerCase(Locale.ROOT));
        line.append(" vector=").append(Numbers.text(arrive.vector()));
        line.append(" code=").append(Numbers.text(arrive.code()));
        line.append(" cr2=").append(Numbers.text(arrive.cr2()));
        Action.Frame frame = arrive.frame();
        line.append(" rip=").append(Numbers.text(frame.rip()));
        line.append(" cs=").append(Numbers.text(frame.cs()));
        line.append(" rflags=").append(Numbers.text(frame.rflags()));
        line.append(" rsp=").append(Numbers.text(frame.rsp()));
        line.append(" ss=").append(Numbers.text(frame.ss()));
        line.append(" rcx=").append(Numbers.text(frame.rcx()));
        line.append(" r11=").append(Numbers.text(frame.r11()));
        line.append(" mask=").append(Numbers.text(arrive.upcallMask()));
        line.append(arrive.upcallPending() ? " pending" : "");
    }

    private static void call(StringBuilder line, Action.Call call) {
        vcpu(line, call.domain(), call.vcpu());
        Operand number = call.number();
        String name = number.frame() == null ? Names.call(number.base()) : null;
        line.append(' ').append(name == null ? "hypercall " + operand(number) : name);
        for (int i = 0; i < call.arguments().size(); i++) {
            Operand argument = call.arguments().get(i);
            String word = name == null || i > 0 ? null : first(number.base(), argument);
            line.append(' ').append(word == null ? operand(argument) : word);
        }
        stimulus(line, call.stimulus());
    }

    /// What the first argument of a call means, if that has a name.
    private static @Nullable String first(long number, Operand argument) {
        return Names.isMemoryOp(number) && argument.frame() == null
                ? Names.memory(argument.base())
                : null;
    }

    private static void write(StringBuilder line, Action.WriteReadOnly write) {
        vcpu(line, write.domain(), write.vcpu());
        line.append(" write cr2=").append(Numbers.text(write.cr2()));
        line.append(" at=").append(Numbers.text(write.address()));
        line.append(" bytes=").append(write.bytes());
        line.append(" value=").append(operand(write.value()));
        Operand expected = write.expected();
        if (expected != null) {
            line.append(" expected=").append(operand(expected));
        }
    }

    private static void vcpu(StringBuilder line, int domain, int number) {
        line.append('d').append(domain).append('v').append(number);
    }

    private static void stimulus(StringBuilder line, Stimulus stimulus) {
        if (stimulus.patience() != Integer.MAX_VALUE) {
            line.append(" preempt=").append(stimulus.patience());
        }
        if (stimulus.failed() != 0) {
            line.append(" fail=0b").append(Long.toBinaryString(stimulus.failed()));
        }
        if (stimulus.attempts() != Integer.MAX_VALUE) {
            line.append(" attempts=").append(stimulus.attempts());
        }
        for (Flip flip : stimulus.flips()) {
            line.append(" flip ").append(Numbers.text(flip.linear()));
            line.append('@').append(flip.reads()).append('=').append(operand(flip.value()));
        }
    }

    private static String operand(Operand operand) {
        if (operand.frame() == null) {
            return Numbers.text(operand.base());
        }
        if (operand.shift() == 0) {
            return operand.frame()
                    + (operand.base() == 0 ? "" : "+" + Numbers.text(operand.base()));
        }
        return operand.frame() + ":" + Numbers.text(operand.base());
    }
}
