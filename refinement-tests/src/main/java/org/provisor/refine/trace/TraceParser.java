// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.trace;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.program.Action;
import org.provisor.refine.program.Action.Flip;
import org.provisor.refine.program.Action.Stimulus;
import org.provisor.refine.program.FrameName;
import org.provisor.refine.program.FrameName.Kind;
import org.provisor.refine.program.Operand;
import org.provisor.refine.program.Program;
import org.provisor.refine.program.World;
import org.provisor.refine.program.World.DomainSetup;
import org.provisor.refine.program.World.Heavy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Reads programs, line by line.
final class TraceParser {

    private static final int MAX_ARGUMENTS = 5;

    private final String name;
    private int number;
    private Line line = new Line(List.of());

    private @Nullable World head;
    private final List<DomainSetup> domains = new ArrayList<>();
    private final List<Heavy> heavy = new ArrayList<>();
    private final List<Action> actions = new ArrayList<>();

    TraceParser(String name) {
        this.name = name;
    }

    Program program(String text) {
        for (String each : Arrays.asList(text.split("\r?\n", -1))) {
            number++;
            line = Line.of(each);
            if (!line.done()) {
                one();
                if (!line.done()) {
                    throw wrong("nothing more is expected at '" + line.peek() + "'");
                }
            }
        }
        return new Program(world(), List.copyOf(actions));
    }

    private World world() {
        World start = head;
        if (start == null) {
            number = Math.max(number, 1);
            throw wrong("no line starts with 'world'");
        }
        return new World(
                start.frames(),
                start.deviceFrames(),
                start.linearTables(),
                start.processors(),
                List.copyOf(domains),
                List.copyOf(heavy));
    }

    private void one() {
        String first = line.next();
        if (head == null && !first.equals("world")) {
            throw wrong("the first line must start with 'world', not '" + first + "'");
        }
        switch (first) {
            case "world" -> startWorld();
            case "domain" -> domains.add(domain());
            case "heavy" -> heavy.add(heavyFrame());
            default -> actions.add(action(first));
        }
    }

    // The machine.

    private void startWorld() {
        if (head != null) {
            throw wrong("a second line starts with 'world'");
        }
        int frames = count("frames");
        int devices = count("devices");
        int processors = count("processors");
        if (processors < 1 || processors > 64) {
            throw wrong("processors must be 1 to 64, not " + processors);
        }
        head = new World(frames, devices, line.take("linear"), processors, List.of(), List.of());
    }

    private DomainSetup domain() {
        int id = number(word("a domain like d1"), "d");
        if (id < 0 || id >= 0x7FF0) {
            throw wrong("a domain is d0 to d" + (0x7FF0 - 1));
        }
        if (domains.stream().anyMatch(domain -> domain.id() == id)) {
            throw wrong("d" + id + " is there already");
        }
        int pages = count("pages");
        int shared = count("shared");
        long max = value("max");
        int vcpus = count("vcpus");
        String idle = line.takeValue("idle");
        int last = idle == null ? 0 : number(idle, "");
        if (last < 0 || (last > 0 && last >= vcpus)) {
            throw wrong("idle must be less than vcpus");
        }
        String target = line.takeValue("target");
        return new DomainSetup(
                id,
                line.take("privileged"),
                target == null ? -1 : number(target, "d"),
                pages,
                shared,
                max,
                vcpus,
                last,
                line.take("devices"),
                line.take("ports"),
                line.take("assigned"));
    }

    private Heavy heavyFrame() {
        FrameName frame = frame(word("a frame like d1.3"));
        if (frame == null) {
            throw wrong("a frame is expected, like d1.3");
        }
        checked(frame);
        return new Heavy(frame, value("references"), value("types"));
    }

    // Actions.

    private Action action(String subject) {
        int v = subject.indexOf('v');
        String domainText = v < 0 ? subject : subject.substring(0, v);
        int id = number(domainText, "d");
        DomainSetup domain = known(id);
        if (v < 0) {
            return ofDomain(id, word("poke, fill or destroy"));
        }
        int vcpu = number(subject.substring(v), "v");
        if (vcpu < 0 || vcpu >= domain.vcpus()) {
            throw wrong("there is no vCPU " + subject);
        }
        return ofVcpu(id, vcpu, word("a hypercall, load-descriptor, write or arrive"));
    }

    private Action ofDomain(int id, String what) {
        return switch (what) {
            case "poke" -> new Action.Poke(id, number64(word("an address")), assigned());
            case "fill" -> fill(id, word("a frame and a slot like d1.3[5]"));
            case "destroy" ->
                    new Action.Destroy(id, number(word("a domain like d1"), "d"), stimulus());
            default -> throw wrong("a domain can poke, fill or destroy, not '" + what + "'");
        };
    }

    private Action fill(int id, String place) {
        int open = place.indexOf('[');
        if (open < 0 || !place.endsWith("]")) {
            throw wrong("a frame and a slot are expected, like d1.3[5], not " + place);
        }
        int slot = small(place.substring(open + 1, place.length() - 1));
        return new Action.Fill(id, operand(place.substring(0, open)), slot, assigned());
    }

    private Action ofVcpu(int id, int vcpu, String what) {
        return switch (what) {
            case "load-descriptor" -> new Action.LoadDescriptor(id, vcpu, small(word("an offset")));
            case "write" -> write(id, vcpu);
            case "arrive" -> arrive(id, vcpu, word("a cause like exception"));
            case "hypercall" -> call(id, vcpu, operand(word("the number of a call")), false);
            default -> {
                long known = Names.call(what);
                if (known < 0) {
                    throw wrong("no hypercall is called '" + what + "'; others: hypercall NUMBER");
                }
                yield call(id, vcpu, Operand.of(known), Names.isMemoryOp(known));
            }
        };
    }

    private Action call(int id, int vcpu, Operand what, boolean memoryOp) {
        List<Operand> arguments = new ArrayList<>();
        while (!line.done() && !Line.startsStimulus(line.peek())) {
            String text = line.next();
            arguments.add(memoryOp && arguments.isEmpty() ? memory(text) : operand(text));
        }
        if (arguments.size() > MAX_ARGUMENTS) {
            throw wrong("a call has at most " + MAX_ARGUMENTS + " arguments");
        }
        return new Action.Call(id, vcpu, what, List.copyOf(arguments), stimulus());
    }

    private Operand memory(String text) {
        int at = text.indexOf('@');
        long command = Names.memory(at < 0 ? text : text.substring(0, at));
        if (command < 0) {
            return operand(text);
        }
        long extent = at < 0 ? 0 : number64(text.substring(at + 1));
        return Operand.of(command | extent << 6);
    }

    private Action write(int id, int vcpu) {
        long cr2 = value("cr2");
        long at = value("at");
        int bytes = count("bytes");
        Operand value = operand(required("value"));
        String expected = line.takeValue("expected");
        return new Action.WriteReadOnly(
                id, vcpu, cr2, at, bytes, value, expected == null ? null : operand(expected));
    }

    private Action arrive(int id, int vcpu, String text) {
        Action.Cause cause = null;
        for (Action.Cause each : Action.Cause.values()) {
            cause = each.name().toLowerCase(Locale.ROOT).equals(text) ? each : cause;
        }
        if (cause == null) {
            throw wrong("a vCPU arrives by exception, interrupt, syscall, events or iret");
        }
        int vector = bounded("vector", 0xFF);
        long code = value("code");
        long cr2 = value("cr2");
        long rip = value("rip");
        int cs = bounded("cs", 0xFFFF);
        long rflags = value("rflags");
        long rsp = value("rsp");
        int ss = bounded("ss", 0xFFFF);
        long rcx = value("rcx");
        long r11 = value("r11");
        int mask = bounded("mask", 0xFF);
        if (cause == Action.Cause.EXCEPTION && !Action.Cause.raises(vector)) {
            throw wrong("no exception of a guest has vector " + vector);
        }
        return new Action.Arrive(
                id,
                vcpu,
                cause,
                vector,
                code,
                cr2,
                new Action.Frame(rip, cs, rflags, rsp, ss, rcx, r11),
                mask,
                line.take("pending"));
    }

    private int bounded(String key, int most) {
        int number = count(key);
        if (number > most) {
            throw wrong(key + " must be at most " + most + ", not " + number);
        }
        return number;
    }

    private Stimulus stimulus() {
        String preempt = line.takeValue("preempt");
        String fail = line.takeValue("fail");
        String attempts = line.takeValue("attempts");
        List<Flip> flips = new ArrayList<>();
        while (line.take("flip")) {
            flips.add(flip(word("a change like 0x640000100010@1=0")));
        }
        int patience = preempt == null ? Integer.MAX_VALUE : small(preempt);
        int most = attempts == null ? Integer.MAX_VALUE : small(attempts);
        if (most < 1) {
            throw wrong("a call takes 1 attempt or more, not " + most);
        }
        return new Stimulus(patience, fail == null ? 0 : number64(fail), List.copyOf(flips), most);
    }

    private Flip flip(String text) {
        int at = text.indexOf('@');
        int equals = text.indexOf('=');
        if (at < 0 || equals < at) {
            throw wrong("a change is expected, like 0x640000100010@1=0, not " + text);
        }
        int reads = small(text.substring(at + 1, equals));
        if (reads < 1) {
            throw wrong("a word can change after 1 read or more, not " + reads);
        }
        return new Flip(
                number64(text.substring(0, at)), reads, operand(text.substring(equals + 1)));
    }

    // Words.

    private Operand assigned() {
        if (!line.take("=")) {
            throw wrong("'=' and a value are expected");
        }
        return operand(word("a value"));
    }

    /// `17`, `d1.3`, `d1.3+2` or `d1.3:0x67`.
    private Operand operand(String text) {
        int colon = text.indexOf(':');
        int plus = text.indexOf('+');
        int end = colon >= 0 ? colon : plus >= 0 ? plus : text.length();
        FrameName frame = frame(text.substring(0, end));
        if (frame == null) {
            return Operand.of(number64(text));
        }
        checked(frame);
        long base = end == text.length() ? 0 : number64(text.substring(end + 1));
        return new Operand(base, frame, colon >= 0 ? 12 : 0);
    }

    private static @Nullable FrameName frame(String text) {
        int dot = text.indexOf('.');
        if (dot < 0) {
            return null;
        }
        String kind = text.substring(0, dot);
        Long index = Numbers.of(text.substring(dot + 1));
        if (index == null || index < 0 || index > Integer.MAX_VALUE) {
            return null;
        }
        int at = index.intValue();
        if (kind.equals("device")) {
            return new FrameName(Kind.DEVICE, 0, at);
        }
        if (kind.equals("xen")) {
            return new FrameName(Kind.XEN, 0, at);
        }
        Kind of = kind.startsWith("shared") ? Kind.SHARED : Kind.OWNED;
        String prefix = of == Kind.SHARED ? "shared" : "d";
        Long domain = kind.startsWith(prefix) ? Numbers.of(kind.substring(prefix.length())) : null;
        return domain == null || domain < 0 || domain > Integer.MAX_VALUE
                ? null
                : new FrameName(of, domain.intValue(), at);
    }

    private void checked(FrameName frame) {
        World start = head;
        int end =
                switch (frame.kind()) {
                    case OWNED -> known(frame.domain()).pages();
                    case SHARED -> known(frame.domain()).shared();
                    case DEVICE -> start == null ? 0 : start.deviceFrames();
                    case XEN -> start == null ? 0 : start.frames();
                };
        if (frame.index() >= end) {
            throw wrong("there is no frame " + frame);
        }
    }

    private DomainSetup known(int id) {
        for (DomainSetup domain : domains) {
            if (domain.id() == id) {
                return domain;
            }
        }
        throw wrong("there is no domain d" + id);
    }

    private String word(String what) {
        if (line.done()) {
            throw wrong(what + " is expected");
        }
        return line.next();
    }

    private String required(String key) {
        String value = line.takeValue(key);
        if (value == null) {
            throw wrong("'" + key + "=' and a value are expected");
        }
        return value;
    }

    private long value(String key) {
        return number64(required(key));
    }

    private int count(String key) {
        return small(required(key));
    }

    /// A number after a prefix, like that of `d1`.
    private int number(String text, String prefix) {
        Long value = text.startsWith(prefix) ? Numbers.of(text.substring(prefix.length())) : null;
        if (value == null || value < 0 || value > Integer.MAX_VALUE) {
            throw wrong("'" + text + "' is not " + prefix + " and a number");
        }
        return value.intValue();
    }

    private int small(String text) {
        long value = number64(text);
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw wrong(text + " is not 0 to " + Integer.MAX_VALUE);
        }
        return (int) value;
    }

    private long number64(String text) {
        Long value = Numbers.of(text);
        if (value == null) {
            throw wrong("'" + text + "' is not a number, nor the name of a frame");
        }
        return value;
    }

    private TraceException wrong(String what) {
        return new TraceException(name, number, what);
    }
}
