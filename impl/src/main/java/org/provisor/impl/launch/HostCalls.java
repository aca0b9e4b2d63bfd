// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.launch;

import static org.provisor.impl.abi.Errno.EFAULT;
import static org.provisor.impl.abi.Errno.EINVAL;
import static org.provisor.impl.abi.Errno.ENODEV;
import static org.provisor.impl.abi.Errno.ENOSYS;
import static org.provisor.impl.abi.Errno.EPERM;

import org.provisor.impl.abi.HypercallNumbers;
import org.provisor.impl.bits.Addresses;
import org.provisor.impl.hypercall.Registers;
import org.provisor.impl.mm.CallerMemory;
import org.provisor.impl.mm.Vcpu;
import org.provisor.impl.pv.VcpuInfo;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The hypercalls that have to do with the machine around the guest, as far as there are any: its
/// console, its end, its sleep, its debug registers, who may use ports, and what Xen this is.
///
/// @xen xen/drivers/char/console.c, do_console_io
/// @xen xen/common/sched/core.c, do_sched_op
/// @xen xen/common/kernel.c, do_xen_version
/// @xen xen/arch/x86/physdev.c, PHYSDEVOP_set_iopl, PHYSDEVOP_set_iobitmap
final class HostCalls {

    private static final int CONSOLE_WRITE = 0;
    private static final int CONSOLE_READ = 1;

    private static final int YIELD = 0;
    private static final int BLOCK = 1;
    private static final int SHUTDOWN = 2;
    private static final int POLL = 3;

    private static final int POLL_BYTES = 24;
    private static final int MAX_POLLED = 128;

    private static final int SET_IOPL = 6;
    private static final int SET_IOBITMAP = 7;
    private static final int IOBITMAP_BYTES = 12;
    private static final int MAX_IOPL = 3;

    private static final int VERSION = 0;
    private static final int EXTRA_VERSION = 1;
    private static final int COMPILE_INFO = 2;
    private static final int CAPABILITIES = 3;
    private static final int CHANGE_SET = 4;
    private static final int PLATFORM_PARAMETERS = 5;
    private static final int FEATURES = 6;
    private static final int PAGE_SIZE = 7;

    private static final long XEN_4_17 = 4 << 16 | 17;
    private static final int EXTRA_VERSION_BYTES = 16;
    private static final int COMPILE_INFO_BYTES = 64 + 16 + 32 + 32;
    private static final int CAPABILITIES_BYTES = 1024;
    private static final int CHANGE_SET_BYTES = 64;
    private static final long XEN_START = 0xFFFF_8000_0000_0000L;

    /// Features of a first, paravirtual domain: preserving accessed and dirty bits, page tables
    /// anywhere, bits for mappings of grants, being the first, virtual NUMA operations, frames that
    /// are not numbered as they are.
    private static final long PV_FEATURES = 1 << 5 | 1 << 6 | 1 << 7 | 1 << 11 | 1 << 13 | 1 << 17;

    /// How much is shown before the guest goes on with the same call.
    private static final int CHUNK = 1024;

    private static final int SYSCALL_BYTES = 2;
    private static final long UINT = 0xFFFF_FFFFL;

    private final Vcpu vcpu;
    private final VcpuInfo info;
    private final DebugRegisters debug;
    private final Ports ports;
    private final Console console;
    private final Clock clock;
    private final long[] words = new long[CHUNK / Long.BYTES];
    private final byte[] bytes = new byte[CHUNK];

    private final Schedule schedule;

    private boolean yielded;

    HostCalls(
            final Vcpu vcpu,
            final VcpuInfo info,
            final DebugRegisters debug,
            final Ports ports,
            final Console console,
            final Clock clock,
            final Schedule schedule) {
        this.vcpu = vcpu;
        this.info = info;
        this.debug = debug;
        this.ports = ports;
        this.console = console;
        this.clock = clock;
        this.schedule = schedule;
    }

    /// Whether a call is one of these.
    static boolean has(final long number) {
        return number == HypercallNumbers.XEN_VERSION
                || number == HypercallNumbers.PHYSDEV_OP
                || number == HypercallNumbers.SET_DEBUGREG
                || number == HypercallNumbers.GET_DEBUGREG
                || number == HypercallNumbers.CONSOLE_IO
                || number == HypercallNumbers.SCHED_OP;
    }

    /// Whether it has given its time to others since this was last asked.
    boolean hasYielded() {
        final boolean was = yielded;
        yielded = false;
        return was;
    }

    /// Makes one of these calls.
    void call(final Registers registers) {
        switch ((int) registers.rax) {
            case HypercallNumbers.XEN_VERSION -> registers.rax = version(registers);
            case HypercallNumbers.PHYSDEV_OP -> registers.rax = physicalDevice(registers);
            case HypercallNumbers.SET_DEBUGREG -> registers.rax = setDebug(registers);
            case HypercallNumbers.GET_DEBUGREG -> registers.rax = getDebug(registers);
            case HypercallNumbers.CONSOLE_IO -> consoleIo(registers);
            default -> registers.rax = schedule(registers);
        }
    }

    // console_io

    private void consoleIo(final Registers registers) {
        final int command = (int) registers.rdi;
        final long count = registers.rsi & UINT;
        if (command == CONSOLE_READ) {
            registers.rax = 0;
        } else if (command != CONSOLE_WRITE) {
            registers.rax = -ENOSYS;
        } else if (write(registers.rdx, count)) {
            goOn(registers, count);
        } else {
            registers.rax = -EFAULT;
        }
    }

    private boolean write(final long text, final long count) {
        final int part = (int) Math.min(count, CHUNK);
        if (part == 0) {
            return true;
        }
        if (!CallerMemory.read(vcpu, text, words, part)) {
            return false;
        }
        for (int i = 0; i < part; i++) {
            bytes[i] = (byte) (words[i >>> 3] >>> ((i & 7) * Byte.SIZE));
        }
        console.write(bytes, part);
        return true;
    }

    private static void goOn(final Registers registers, final long count) {
        if (count <= CHUNK) {
            registers.rax = 0;
            return;
        }
        registers.rsi = count - CHUNK;
        registers.rdx += CHUNK;
        registers.rip -= SYSCALL_BYTES;
    }

    // sched_op

    private long schedule(final Registers registers) {
        return switch ((int) registers.rdi) {
            case YIELD -> {
                yielded = true;
                yield 0;
            }
            case BLOCK -> {
                block();
                yield 0;
            }
            case SHUTDOWN -> shutdown(registers.rsi);
            case POLL -> poll(registers.rsi);
            default -> -ENOSYS;
        };
    }

    /// Waits for an event. There is nothing that raises one.
    void block() {
        info.setUpcallMask(0);
        if (!info.upcallPending()) {
            asleep();
        }
    }

    private void asleep() {
        schedule.sleep(vcpu.number());
    }

    private long shutdown(final long argument) {
        if (!CallerMemory.read(vcpu, argument, words, Integer.BYTES)) {
            return -EFAULT;
        }
        final int reason = (int) words[0];
        schedule.end(
                new Ending(Ending.Kind.SHUTDOWN, reason, "the domain shuts down: " + text(reason)));
        return 0;
    }

    private static String text(final int reason) {
        return switch (reason) {
            case Ending.POWEROFF -> "power off";
            case Ending.REBOOT -> "reboot";
            case Ending.SUSPEND -> "suspended";
            case Ending.CRASH -> "it says that it crashed";
            case Ending.WATCHDOG -> "its watchdog was not fed";
            case Ending.SOFT_RESET -> "soft reset";
            default -> "reason " + Integer.toUnsignedString(reason);
        };
    }

    private long poll(final long argument) {
        if (!CallerMemory.read(vcpu, argument, words, POLL_BYTES)) {
            return -EFAULT;
        }
        final long ports = words[1] & UINT;
        final long until = words[2];
        if (ports > MAX_POLLED) {
            return -EINVAL;
        }
        if (ports != 0) {
            // No port is bound.
            return -EINVAL;
        }
        if (info.upcallPending() && info.upcallMask() == 0) {
            return 0;
        }
        if (until == 0) {
            asleep();
        } else if (schedule.onOneThread() && schedule.othersRun(vcpu.number())) {
            // Time passes by what the others do.
            yielded = true;
        } else {
            clock.sleepUntil(until);
        }
        return 0;
    }

    // physdev_op

    private long physicalDevice(final Registers registers) {
        final long command = registers.rdi & UINT;
        if (command == SET_IOPL) {
            if (!CallerMemory.read(vcpu, registers.rsi, words, Integer.BYTES)) {
                return -EFAULT;
            }
            final long level = words[0] & UINT;
            if (level > MAX_IOPL) {
                return -EINVAL;
            }
            ports.setPrivilege((int) level);
            return 0;
        }
        if (command != SET_IOBITMAP) {
            return -ENOSYS;
        }
        if (!CallerMemory.read(vcpu, registers.rsi, words, IOBITMAP_BYTES)) {
            return -EFAULT;
        }
        final long count = words[1] & UINT;
        if (!Addresses.ofGuest(words[0]) || count > Ports.COUNT) {
            return -EINVAL;
        }
        ports.setBitmap(words[0], count);
        return 0;
    }

    // Debug registers

    private long setDebug(final Registers registers) {
        final long register = registers.rdi & UINT;
        if (register >= DebugRegisters.COUNT) {
            return -ENODEV;
        }
        return debug.set((int) register, registers.rsi) ? 0 : -EPERM;
    }

    private long getDebug(final Registers registers) {
        final long register = registers.rdi & UINT;
        return register < DebugRegisters.COUNT ? debug.get((int) register) : -ENODEV;
    }

    // xen_version

    private long version(final Registers registers) {
        return switch ((int) registers.rdi) {
            case VERSION -> XEN_4_17;
            case EXTRA_VERSION -> text(registers.rsi, ".7-provisor", EXTRA_VERSION_BYTES);
            // Who compiled it, where and when it does not say.
            case COMPILE_INFO -> text(registers.rsi, "Java 25", COMPILE_INFO_BYTES);
            case CHANGE_SET -> text(registers.rsi, "unavailable", CHANGE_SET_BYTES);
            case CAPABILITIES -> text(registers.rsi, "xen-3.0-x86_64 ", CAPABILITIES_BYTES);
            case PLATFORM_PARAMETERS ->
                    CallerMemory.write(vcpu, registers.rsi, XEN_START, Long.BYTES) ? 0 : -EFAULT;
            case FEATURES -> features(registers.rsi);
            case PAGE_SIZE -> registers.rsi == 0 ? 4096 : -EINVAL;
            default -> -ENOSYS;
        };
    }

    private long features(final long argument) {
        if (!CallerMemory.read(vcpu, argument, words, Long.BYTES)) {
            return -EFAULT;
        }
        if ((int) words[0] != 0) {
            return -EINVAL;
        }
        return CallerMemory.write(vcpu, argument + Integer.BYTES, PV_FEATURES, Integer.BYTES)
                ? 0
                : -EFAULT;
    }

    private long text(final long to, final String text, final int size) {
        final byte[] all = Arrays.copyOf(text.getBytes(StandardCharsets.US_ASCII), size);
        for (int at = 0; at < size; at += Long.BYTES) {
            long word = 0;
            for (int i = Long.BYTES - 1; i >= 0; i--) {
                word = word << Byte.SIZE | (all[at + i] & 0xFF);
            }
            if (!CallerMemory.write(vcpu, to + at, word, Long.BYTES)) {
                return -EFAULT;
            }
        }
        return 0;
    }
}
