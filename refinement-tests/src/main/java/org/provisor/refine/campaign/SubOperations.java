// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.campaign;

import io.vavr.collection.List;
import io.vavr.control.Option;

import org.provisor.refine.harness.CallPages;
import org.provisor.refine.harness.Run;
import org.provisor.refine.program.Action;
import org.provisor.refine.program.Operand;
import org.provisor.spec.abi.BatchCount;
import org.provisor.spec.abi.Hypercall;
import org.provisor.spec.abi.MemoryCommand;
import org.provisor.spec.abi.MemoryOpWord;
import org.provisor.spec.abi.MmuCommand;
import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.abi.VcpuCommand;
import org.provisor.spec.abi.VmAssistCommand;
import org.provisor.spec.abi.VmAssistType;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// How often each sub-operation was done and compared: calls by what they ask for, requests of a
/// batch one by one as far as the batch got, and what a guest does without a call. For one thread.
///
/// Which requests a batch has is read before the call, how many of them were begun is told by the
/// rows that decided. A request at which a call was preempted is begun more than once and counted
/// once.
final class SubOperations {

    private static final String ONE_UPDATE = "mm.mmu-update.request/";
    private static final String ONE_OPERATION = "mm.mmuext.operation/";

    private static final int UPDATE_BYTES = 16;
    private static final int OPERATION_BYTES = 24;
    private static final long UPDATE_COMMAND = 7;
    private static final long WORD32 = 0xFFFF_FFFFL;

    private static final String WRITE = "write to a page table";
    private static final String EXCHANGE = "exchange on a page table";
    private static final String LOAD = "load of a descriptor";

    /// Sub-operations of `memory_op` that the specification says nothing of.
    private static final Set<MemoryCommand> NOT_SPECIFIED =
            EnumSet.of(
                    MemoryCommand.ACCESS_OP,
                    MemoryCommand.ACQUIRE_RESOURCE,
                    MemoryCommand.GET_VNUMAINFO,
                    MemoryCommand.SET_POD_TARGET,
                    MemoryCommand.GET_POD_TARGET,
                    MemoryCommand.RESERVED_DEVICE_MEMORY_MAP);

    /// Sub-operations of `vcpu_op` that it says something of.
    private static final Set<VcpuCommand> VCPU_SPECIFIED =
            EnumSet.of(
                    VcpuCommand.INITIALISE,
                    VcpuCommand.UP,
                    VcpuCommand.DOWN,
                    VcpuCommand.IS_UP,
                    VcpuCommand.STOP_PERIODIC_TIMER,
                    VcpuCommand.STOP_SINGLESHOT_TIMER);

    /// All that there are, a call's one after the other.
    static final java.util.List<String> NAMES = names();

    private static final Map<String, Integer> NUMBERS = numbers();

    private static final Map<MmuCommand, Integer> UPDATES =
            places(MmuCommand.class, SubOperations::name);
    private static final Map<MmuextCommand, Integer> OPERATIONS =
            places(MmuextCommand.class, SubOperations::name);
    private static final Map<MemoryCommand, Integer> MEMORY =
            places(MemoryCommand.class, SubOperations::name);
    private static final Map<VcpuCommand, Integer> VCPU =
            places(VcpuCommand.class, SubOperations::name);
    private static final Map<Hypercall, Integer> WHOLE =
            places(Hypercall.class, SubOperations::name);
    private static final Map<Action.Cause, Integer> CAUSES =
            places(Action.Cause.class, SubOperations::name);
    private static final int WRITES = place(WRITE);
    private static final int EXCHANGES = place(EXCHANGE);
    private static final int LOADS = place(LOAD);

    /// The place of what has none: it is not counted.
    private static final int NONE = -1;

    private final long[] counts = new long[NAMES.size()];
    private int[] asked = new int[16];
    private int askedCount;
    private String counted = "";

    private static java.util.List<String> names() {
        java.util.List<String> names = new ArrayList<>();
        for (MmuCommand command : MmuCommand.values()) {
            names.add(name(command));
        }
        for (MmuextCommand command : MmuextCommand.values()) {
            names.add(name(command));
        }
        for (MemoryCommand command : MemoryCommand.values()) {
            if (!NOT_SPECIFIED.contains(command)) {
                names.add(name(command));
            }
        }
        for (Hypercall whole :
                EnumSet.of(
                        Hypercall.SET_TRAP_TABLE,
                        Hypercall.SET_GDT,
                        Hypercall.STACK_SWITCH,
                        Hypercall.SET_CALLBACKS,
                        Hypercall.FPU_TASKSWITCH,
                        Hypercall.SET_SEGMENT_BASE,
                        Hypercall.CALLBACK_OP,
                        Hypercall.UPDATE_DESCRIPTOR,
                        Hypercall.UPDATE_VA_MAPPING,
                        Hypercall.UPDATE_VA_MAPPING_OTHERDOMAIN)) {
            names.add(name(whole));
        }
        for (VmAssistCommand command : VmAssistCommand.values()) {
            for (VmAssistType type : VmAssistType.values()) {
                names.add(name(command, type));
            }
        }
        for (VcpuCommand command : VCPU_SPECIFIED) {
            names.add(name(command));
        }
        names.add(WRITE);
        names.add(EXCHANGE);
        names.add(LOAD);
        for (Action.Cause cause : Action.Cause.values()) {
            names.add(name(cause));
        }
        return Collections.unmodifiableList(names);
    }

    private static Map<String, Integer> numbers() {
        Map<String, Integer> numbers = new HashMap<>();
        for (int i = 0; i < NAMES.size(); i++) {
            numbers.put(NAMES.get(i), i);
        }
        return numbers;
    }

    private static <E extends Enum<E>> Map<E, Integer> places(
            Class<E> type, Function<E, String> name) {
        Map<E, Integer> places = new EnumMap<>(type);
        for (E one : EnumSet.allOf(type)) {
            places.put(one, place(name.apply(one)));
        }
        return places;
    }

    private static <E> int place(Map<E, Integer> places, E one) {
        return places.getOrDefault(one, NONE);
    }

    private static int place(String name) {
        return NUMBERS.getOrDefault(name, NONE);
    }

    private static String name(Hypercall call) {
        return call.xenName().substring("__HYPERVISOR_".length());
    }

    private static String name(Action.Cause cause) {
        return switch (cause) {
            case EXCEPTION -> "exception for the kernel";
            case INTERRUPT -> "interrupt by an instruction";
            case SYSCALL -> "system call of user mode";
            case EVENTS -> "look for events";
            case IRET -> "iret";
        };
    }

    private static String name(MmuCommand command) {
        return name(Hypercall.MMU_UPDATE) + " " + command.xenName();
    }

    private static String name(MmuextCommand command) {
        return name(Hypercall.MMUEXT_OP) + " " + command.xenName();
    }

    private static String name(MemoryCommand command) {
        return name(Hypercall.MEMORY_OP) + " " + command.xenName();
    }

    private static String name(VcpuCommand command) {
        return name(Hypercall.VCPU_OP) + " " + command.xenName();
    }

    private static String name(VmAssistCommand command, VmAssistType type) {
        return name(Hypercall.VM_ASSIST) + " " + command.xenName() + " " + type.xenName();
    }

    /// Notes what an action is about to ask for.
    void ask(Run on, Action action) {
        askedCount = 0;
        counted = "";
        switch (action) {
            case Action.Call call -> ask(on, call);
            case Action.LoadDescriptor _ -> add(LOADS);
            case Action.WriteReadOnly write -> add(write.expected() == null ? WRITES : EXCHANGES);
            case Action.Arrive arrive -> add(place(CAUSES, arrive.cause()));
            case Action.Poke _, Action.Fill _, Action.Destroy _ -> {}
        }
    }

    private void ask(Run on, Action.Call call) {
        long number = call.number().resolve(on.numbers()) & WORD32;
        Option<Hypercall> known = Hypercall.of(number);
        if (known.isEmpty()) {
            return;
        }
        switch (known.get()) {
            case MMU_UPDATE -> {
                counted = ONE_UPDATE;
                askBatch(on, call, UPDATE_BYTES);
            }
            case MMUEXT_OP -> {
                counted = ONE_OPERATION;
                askBatch(on, call, OPERATION_BYTES);
            }
            case MEMORY_OP ->
                    new MemoryOpWord(argument(on, call, 0))
                            .command()
                            .forEach(command -> add(place(MEMORY, command)));
            case VCPU_OP ->
                    VcpuCommand.of(argument(on, call, 0) & WORD32)
                            .forEach(command -> add(place(VCPU, command)));
            case VM_ASSIST ->
                    VmAssistCommand.of(argument(on, call, 0) & WORD32)
                            .forEach(command ->
                                    VmAssistType.of(argument(on, call, 1) & WORD32)
                                            .forEach(type -> add(place(name(command, type)))));
            default -> add(place(WHOLE, known.get()));
        }
    }

    private static long argument(Run on, Action.Call call, int number) {
        java.util.List<Operand> all = call.arguments();
        return number < all.size() ? all.get(number).resolve(on.numbers()) : 0;
    }

    private void askBatch(Run on, Action.Call call, int size) {
        long first = argument(on, call, 0);
        long count = new BatchCount(argument(on, call, 1) & WORD32).requests();
        for (long i = 0; i < count; i++) {
            long at = first + i * size;
            if (!CallPages.readable(at, Long.BYTES)) {
                return;
            }
            long word = on.callWord(call.domain(), at);
            // A request of a sort that there is not has a place, so that it is passed over.
            add(
                    size == UPDATE_BYTES
                            ? MmuCommand.of(word & UPDATE_COMMAND)
                                    .map(command -> place(UPDATES, command))
                                    .getOrElse(NONE)
                            : MmuextCommand.of(word & WORD32)
                                    .map(command -> place(OPERATIONS, command))
                                    .getOrElse(NONE));
        }
    }

    private void add(int place) {
        if (askedCount == asked.length) {
            asked = Arrays.copyOf(asked, 2 * askedCount);
        }
        asked[askedCount++] = place;
    }

    /// Counts what was asked for last, as far as it was done.
    ///
    /// @param rows the rows that decided
    void done(List<String> rows) {
        int count = counted.isEmpty() ? askedCount : begun(rows);
        for (int i = 0; i < count; i++) {
            if (asked[i] >= 0) {
                counts[asked[i]]++;
            }
        }
        askedCount = 0;
    }

    /// How many of the requests that were asked for were begun.
    private int begun(List<String> rows) {
        int count = 0;
        for (List<String> left = rows; !left.isEmpty() && count < askedCount; left = left.tail()) {
            count += left.head().startsWith(counted) ? 1 : 0;
        }
        return count;
    }

    /// Adds how often each was done, and starts to count again.
    void drainTo(long[] totals) {
        for (int i = 0; i < counts.length; i++) {
            totals[i] += counts[i];
            counts[i] = 0;
        }
    }

    static long[] none() {
        return new long[NAMES.size()];
    }

    /// The counts by name, in the order of [#NAMES].
    static Map<String, Long> named(long[] totals) {
        Map<String, Long> named = new LinkedHashMap<>();
        for (int i = 0; i < totals.length; i++) {
            named.put(NAMES.get(i), totals[i]);
        }
        return named;
    }
}
