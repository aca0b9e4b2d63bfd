// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import org.provisor.impl.abi.HypercallNumbers;
import org.provisor.impl.launch.Statistics;
import org.provisor.refine.run.CallJudge;

import java.lang.management.ManagementFactory;
import java.util.Locale;

/// What a domain has done, as text.
final class RunStatistics {

    private static final String[] HYPERCALLS = {
        "set_trap_table",
        "mmu_update",
        "set_gdt",
        "stack_switch",
        "set_callbacks",
        "fpu_taskswitch",
        "sched_op_compat",
        "platform_op",
        "set_debugreg",
        "get_debugreg",
        "update_descriptor",
        "",
        "memory_op",
        "multicall",
        "update_va_mapping",
        "set_timer_op",
        "event_channel_op_compat",
        "xen_version",
        "console_io",
        "physdev_op_compat",
        "grant_table_op",
        "vm_assist",
        "update_va_mapping_otherdomain",
        "iret",
        "vcpu_op",
        "set_segment_base",
        "mmuext_op",
        "xsm_op",
        "nmi_op",
        "sched_op",
        "callback_op",
        "xenoprof_op",
        "event_channel_op",
        "physdev_op",
        "hvm_op",
        "sysctl",
        "domctl",
        "kexec_op",
        "tmem_op",
        "argo_op",
        "xenpmu_op",
        "dm_op",
        "hypfs_op"
    };

    private static final String[] EXCEPTIONS = {
        "divide error",
        "debug",
        "",
        "breakpoint",
        "overflow",
        "",
        "invalid opcode",
        "device not available",
        "",
        "",
        "",
        "",
        "stack fault",
        "general protection",
        "page fault"
    };

    private static final double NANOS = 1e9;
    private static final double MILLIS = 1e3;

    private RunStatistics() {}

    /// @param nanos how long it has run
    /// @param started when the machine's clock started, in milliseconds of the epoch; 0 if that
    ///   clock has nothing to do with time as it passes
    static String text(Statistics run, long nanos, long started) {
        StringBuilder text = new StringBuilder();
        if (run.firstHypercall() >= 0 && started != 0) {
            text.append(
                    String.format(
                            Locale.ROOT,
                            "%-36s %15.2f%n",
                            "seconds to the first hypercall",
                            (started - startOfProcess()) / MILLIS + run.firstHypercall() / NANOS));
        }
        line(text, "instructions", run.instructions());
        text.append(
                String.format(
                        Locale.ROOT,
                        "%-36s %,15.0f%n",
                        "instructions a second",
                        run.instructions() * NANOS / Math.max(1, nanos)));
        if (run.isTranslated()) {
            line(text, "regions translated", run.regions());
            line(text, "instructions in them", run.translatedInstructions());
            line(text, "regions that made room", run.evictions());
            line(text, "regions overwritten", run.overwritten());
        }
        line(text, "TLB misses", run.walks());
        text.append(
                String.format(
                        Locale.ROOT,
                        "%-36s %15.2f%n",
                        "reads a miss",
                        run.walks() == 0 ? 0 : (double) run.reads() / run.walks()));
        line(text, "walks that came to a fault", run.faultingWalks());
        line(text, "writes to page tables", run.tableWrites());
        line(text, "other instructions emulated", run.emulated());
        line(text, "hypercalls", run.hypercalls());
        for (int number = 0; number <= HypercallNumbers.END; number++) {
            line(text, "  " + name(number), run.hypercalls(number));
        }
        for (int vector = 0; vector < 256; vector++) {
            line(text, "passed on: " + exception(vector), run.exceptions(vector));
        }
        return text.toString();
    }

    /// What has been judged by the specification.
    static String text(CallJudge judge) {
        StringBuilder text = new StringBuilder();
        line(text, "hypercalls judged", judge.judged());
        line(text, "hypercalls that could not be judged", judge.unjudged());
        return text.toString();
    }

    private static void line(StringBuilder text, String what, long count) {
        if (count != 0 || (!what.startsWith(" ") && !what.startsWith("passed"))) {
            text.append(String.format(Locale.ROOT, "%-36s %,15d%n", what, count));
        }
    }

    /// What a hypercall is called.
    static String name(int number) {
        if (number == HypercallNumbers.END) {
            return "numbers that there are not";
        }
        return number < HYPERCALLS.length && !HYPERCALLS[number].isEmpty()
                ? HYPERCALLS[number]
                : "number " + number;
    }

    static String exception(int vector) {
        return vector < EXCEPTIONS.length && !EXCEPTIONS[vector].isEmpty()
                ? EXCEPTIONS[vector]
                : "vector " + vector;
    }

    /// When the virtual machine started, in milliseconds of the epoch.
    private static long startOfProcess() {
        return ManagementFactory.getRuntimeMXBean().getStartTime();
    }
}
