// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.launch;

import static org.provisor.impl.abi.Errno.EEXIST;
import static org.provisor.impl.abi.Errno.EFAULT;
import static org.provisor.impl.abi.Errno.EINVAL;
import static org.provisor.impl.abi.Errno.ENOENT;
import static org.provisor.impl.abi.Errno.ENOSYS;
import static org.provisor.impl.abi.Errno.ERESTART;

import org.provisor.impl.abi.GuestContextLayout;
import org.provisor.impl.hypercall.Registers;
import org.provisor.impl.mm.CallerMemory;
import org.provisor.impl.mm.Vcpu;

/// `vcpu_op`: how a vCPU sets others of its domain up, has them run, and stops them.
///
/// | command | name                    | answers                                                 |
/// |---------|-------------------------|---------------------------------------------------------|
/// | 0       | `initialise`            | see [VcpuContext]; `EFAULT`, `EEXIST`                   |
/// | 1       | `up`                    | `EINVAL` if it is not initialised                       |
/// | 2       | `down`                  | 0; the domain ends with its last                        |
/// | 3       | `is_up`                 | 1 or 0                                                  |
/// | 7       | `stop_periodic_timer`   | 0: there is none                                        |
/// | 9       | `stop_singleshot_timer` | `EINVAL` for another vCPU; 0: there is none             |
/// | others  |                         | `ENOSYS`: not there yet, see the README                 |
///
/// Before all of them: `ENOENT` if the domain has no such vCPU.
///
/// @xen xen/common/domain.c, do_vcpu_op, default_initialise_vcpu
final class VcpuCalls {

    private static final int INITIALISE = 0;
    private static final int UP = 1;
    private static final int DOWN = 2;
    private static final int IS_UP = 3;
    private static final int STOP_PERIODIC_TIMER = 7;
    private static final int STOP_SINGLESHOT_TIMER = 9;

    private static final int SYSCALL_BYTES = 2;
    private static final long UINT = 0xFFFF_FFFFL;

    /// Sets up another vCPU of the domain.
    @FunctionalInterface
    interface Others {

        /// What sets it up.
        VcpuContext of(int vcpu);
    }

    private final Vcpu vcpu;
    private final Schedule schedule;
    private final Others others;
    private final long[] words = new long[GuestContextLayout.BYTES / Long.BYTES];

    private GuestCalls calls = GuestCalls.DIRECT;

    VcpuCalls(final Vcpu vcpu, final Schedule schedule, final Others others) {
        this.vcpu = vcpu;
        this.schedule = schedule;
        this.others = others;
    }

    /// Has tables of other vCPUs taken by this.
    void makeCallsBy(final GuestCalls now) {
        calls = now;
    }

    /// Makes the call.
    void call(final Registers registers) {
        final long which = registers.rsi & UINT;
        if (which >= schedule.vcpus()) {
            registers.rax = -ENOENT;
            return;
        }
        final long result = call((int) registers.rdi, (int) which, registers.rdx);
        if (result == -ERESTART) {
            // The guest makes it again.
            registers.rip -= SYSCALL_BYTES;
        } else {
            registers.rax = result;
        }
    }

    private long call(final int command, final int which, final long argument) {
        return switch (command) {
            case INITIALISE -> initialise(which, argument);
            case UP -> {
                if (!schedule.isInitialised(which)) {
                    yield -EINVAL;
                }
                schedule.bringUp(which);
                yield 0;
            }
            case DOWN -> {
                schedule.bringDown(which);
                yield 0;
            }
            case IS_UP -> schedule.isUp(which) ? 1 : 0;
            case STOP_PERIODIC_TIMER -> 0;
            case STOP_SINGLESHOT_TIMER -> which == vcpu.number() ? 0 : -EINVAL;
            default -> -ENOSYS;
        };
    }

    private long initialise(final int which, final long argument) {
        if (!CallerMemory.read(vcpu, argument, words, GuestContextLayout.BYTES)) {
            return -EFAULT;
        }
        synchronized (schedule.settingUp()) {
            if (schedule.isInitialised(which)) {
                return -EEXIST;
            }
            final int done = others.of(which).set(vcpu, words, calls);
            if (done == 0) {
                final long flags = words[GuestContextLayout.FLAGS / Long.BYTES];
                schedule.initialised(which, (flags & GuestContextLayout.ONLINE) != 0);
            }
            return done;
        }
    }
}
