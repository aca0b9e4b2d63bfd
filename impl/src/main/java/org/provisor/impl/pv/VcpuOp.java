// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.pv;

import static org.provisor.impl.abi.Errno.EEXIST;
import static org.provisor.impl.abi.Errno.EFAULT;
import static org.provisor.impl.abi.Errno.EINVAL;
import static org.provisor.impl.abi.Errno.ENOENT;
import static org.provisor.impl.abi.Errno.ENOSYS;
import static org.provisor.impl.abi.Errno.ERESTART;

import org.provisor.impl.Refines;
import org.provisor.impl.abi.GuestContextLayout;
import org.provisor.impl.abi.HypercallNumbers;
import org.provisor.impl.mm.CallerMemory;
import org.provisor.impl.mm.Domain;
import org.provisor.impl.mm.Vcpu;
import org.provisor.impl.mm.VcpuLife;

/// `vcpu_op`: how a vCPU sets others of its domain up, has them run, and stops them.
///
/// | command | name                    | answers                                                 |
/// |---------|-------------------------|---------------------------------------------------------|
/// | 0       | `initialise`            | see [VcpuContext]; `EFAULT`, `EEXIST`                   |
/// | 1       | `up`                    | `EINVAL` if it is not initialised                       |
/// | 2       | `down`                  | 0; the domain shuts down with its last                  |
/// | 3       | `is_up`                 | 1 or 0                                                  |
/// | 7       | `stop_periodic_timer`   | 0: there is none                                        |
/// | 8       | `set_singleshot_timer`  | `EINVAL` for another vCPU; `ENOSYS`: not there yet      |
/// | 9       | `stop_singleshot_timer` | `EINVAL` for another vCPU; 0: there is none             |
/// | others  |                         | `ENOSYS`: not there yet, see the README                 |
///
/// Before all of them: `ENOENT` if the domain has no such vCPU.
///
/// @xen xen/arch/x86/domain.c, do_vcpu_op
/// @xen xen/common/domain.c, common_vcpu_op, default_initialise_vcpu
public final class VcpuOp {

    private static final int INITIALISE = 0;
    private static final int UP = 1;
    private static final int DOWN = 2;
    private static final int IS_UP = 3;
    private static final int STOP_PERIODIC_TIMER = 7;
    private static final int SET_SINGLESHOT_TIMER = 8;
    private static final int STOP_SINGLESHOT_TIMER = 9;

    /// How many vCPUs have a place in the page that the domain shares with Xen.
    private static final int PLACES = 32;

    private VcpuOp() {}

    /// Makes the call.
    ///
    /// @param command 32 bits
    /// @param which 32 bits
    @Refines("pv.vcpu-op")
    public static long call(
            final Vcpu by, final long command, final long which, final long argument) {
        if (which >= by.domain().vcpus()) {
            return -ENOENT;
        }
        final Vcpu who = by.domain().vcpu((int) which);
        return switch ((int) command) {
            case INITIALISE -> {
                final long done = initialise(by, who, argument);
                yield done == -ERESTART
                        ? by.again(HypercallNumbers.VCPU_OP, command, which, argument, 0)
                        : done;
            }
            case UP -> up(who);
            case DOWN -> down(who);
            case IS_UP -> who.life() == VcpuLife.UP ? 1 : 0;
            case STOP_PERIODIC_TIMER -> 0;
            case SET_SINGLESHOT_TIMER -> who == by ? -ENOSYS : -EINVAL;
            case STOP_SINGLESHOT_TIMER -> who == by ? 0 : -EINVAL;
            default -> -ENOSYS;
        };
    }

    @Refines("pv.vcpu-op.initialise")
    private static long initialise(final Vcpu by, final Vcpu who, final long argument) {
        if (who.number() >= PLACES) {
            return -EINVAL;
        }
        final long[] words = new long[GuestContextLayout.BYTES / Long.BYTES];
        if (!CallerMemory.read(by, argument, words, GuestContextLayout.BYTES)) {
            return -EFAULT;
        }
        final Domain domain = by.domain();
        synchronized (domain.settingUp()) {
            if (who.life() != VcpuLife.UNINITIALISED) {
                return -EEXIST;
            }
            final VcpuContext context = new VcpuContext(words);
            if (!context.allowed()) {
                return -EINVAL;
            }
            final long done = context.takeTables(by, who);
            if (done != 0) {
                return done;
            }
            context.enter(who.entry());
            domain.runner().start(who, words);
            domain.setLife(who, context.online() ? VcpuLife.UP : VcpuLife.DOWN);
        }
        domain.runner().changed();
        return 0;
    }

    @Refines("pv.vcpu-op.up")
    private static long up(final Vcpu who) {
        if (!who.domain().bringUp(who)) {
            return -EINVAL;
        }
        who.domain().runner().changed();
        return 0;
    }

    @Refines("pv.vcpu-op.down")
    private static long down(final Vcpu who) {
        if (who.domain().bringDown(who)) {
            who.domain().runner().changed();
        } else {
            who.domain().runner().shutDown();
        }
        return 0;
    }
}
