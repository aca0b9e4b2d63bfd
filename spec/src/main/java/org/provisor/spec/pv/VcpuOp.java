// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.pv;

import static org.provisor.spec.abi.XenErrno.EEXIST;
import static org.provisor.spec.abi.XenErrno.EFAULT;
import static org.provisor.spec.abi.XenErrno.EINVAL;
import static org.provisor.spec.abi.XenErrno.ENOENT;
import static org.provisor.spec.abi.XenErrno.ENOSYS;

import io.vavr.control.Option;

import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.GuestBytes;
import org.provisor.spec.abi.Invocation.VcpuOpCall;
import org.provisor.spec.abi.VcpuCommand;
import org.provisor.spec.abi.VcpuGuestContext;
import org.provisor.spec.mm.GuestAddresses;
import org.provisor.spec.mm.VcpuTables;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.notation.Result;
import org.provisor.spec.state.Answer;
import org.provisor.spec.state.Flush;
import org.provisor.spec.state.Outcome;
import org.provisor.spec.state.Step;
import org.provisor.spec.state.Vcpu;
import org.provisor.spec.state.VcpuId;
import org.provisor.spec.state.VcpuLife;

/// `vcpu_op`: how a vCPU sets others of its domain up, has them run, and stops them.
///
/// @xen xen/arch/x86/domain.c, do_vcpu_op
/// @xen xen/common/domain.c, common_vcpu_op
public final class VcpuOp {

    /// How many vCPUs have a place in the page that the domain shares with Xen.
    private static final int LEGACY_MAX_VCPUS = 32;

    /// A null selector has nothing but a privilege level.
    private static final int LAST_NULL = 3;

    private VcpuOp() {}

    /// Does the call `vcpu_op`.
    ///
    /// | row | the call                                             | outcome                      |
    /// |-----|------------------------------------------------------|------------------------------|
    /// | a   | names a vCPU that the domain does not have           | `ENOENT`                     |
    /// | b   | has an unknown command                               | `ENOSYS`                     |
    /// | c   | initialises                                          | as initialising says         |
    /// | d   | has it run                                           | as bringing it up says       |
    /// | e   | has it stop                                          | as taking it down says       |
    /// | f   | asks whether it is up                                | 1 if it is, otherwise 0      |
    /// | g   | stops its periodic timer                             | 0; there is none             |
    /// | h   | sets or stops the one-shot timer of another than the caller | `EINVAL`              |
    /// | i   | stops the caller's one-shot timer                    | 0; there is none             |
    /// | j   | asks for anything else                               | not specified                |
    ///
    /// Any vCPU may do that to any of its domain, itself included.
    @Clause(
            value = "pv.vcpu-op",
            rows = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"})
    public static Outcome call(Step at, VcpuOpCall call) {
        if (call.vcpuid() >= at.caller().vcpus().size()) {
            return Outcome.returning(at.refuse("pv.vcpu-op/a", ENOENT));
        }
        VcpuId who = new VcpuId(at.by().domain(), (int) call.vcpuid());
        Option<VcpuCommand> command = VcpuCommand.of(call.cmd());
        if (command.isEmpty()) {
            return Outcome.returning(at.refuse("pv.vcpu-op/b", ENOSYS));
        }
        return switch (command.get()) {
            case INITIALISE -> {
                Step done = initialise(at.row("pv.vcpu-op/c"), who, call.arg());
                yield done.preempted() ? Outcome.continuing(done, call) : Outcome.returning(done);
            }
            case UP -> Outcome.returning(up(at.row("pv.vcpu-op/d"), who));
            case DOWN -> down(at.row("pv.vcpu-op/e"), who);
            case IS_UP ->
                    Outcome.returning(at.row("pv.vcpu-op/f"), at.machine().vcpu(who).up() ? 1 : 0);
            case STOP_PERIODIC_TIMER -> Outcome.returning(at.row("pv.vcpu-op/g"));
            case SET_SINGLESHOT_TIMER, STOP_SINGLESHOT_TIMER -> timer(at, who, command.get());
            case GET_RUNSTATE_INFO,
                    REGISTER_RUNSTATE_MEMORY_AREA,
                    SET_PERIODIC_TIMER,
                    REGISTER_VCPU_INFO,
                    SEND_NMI,
                    GET_PHYSID,
                    REGISTER_VCPU_TIME_MEMORY_AREA ->
                    unspecified(at, command.get());
        };
    }

    private static Outcome timer(Step at, VcpuId who, VcpuCommand command) {
        if (!who.equals(at.by())) {
            return Outcome.returning(at.refuse("pv.vcpu-op/h", EINVAL));
        }
        return command == VcpuCommand.STOP_SINGLESHOT_TIMER
                ? Outcome.returning(at.row("pv.vcpu-op/i"))
                : unspecified(at, command);
    }

    private static Outcome unspecified(Step at, VcpuCommand command) {
        return Outcome.returning(
                at.row("pv.vcpu-op/j").ending(new Result.Unspecified(command.xenName())));
    }

    /// `VCPUOP_initialise`: says what a vCPU starts with.
    ///
    /// | row | the vCPU                                                | outcome                   |
    /// |-----|---------------------------------------------------------|---------------------------|
    /// | a   | has no place in the page shared with Xen: it is number 32 or more | `EINVAL`        |
    /// | b   | is to start with what cannot be read                    | `EFAULT`                  |
    /// | c   | is initialised                                          | `EEXIST`                  |
    /// | d   | is to start with what is refused                        | `EINVAL`                  |
    /// | e   | is to start with a selector in FS or GS that is above 3 | not specified             |
    /// | f   | is to have tables that it gets but for preemption       | made again                |
    /// | g   | is to have tables that it cannot have                   | the error of that         |
    /// | h   | is to be up at once                                     | initialised and up        |
    /// | i   | is to be down at first                                  | initialised and down      |
    ///
    /// Until it is initialised nobody sees how a vCPU's kernel wants to be entered: Xen writes that
    /// down before it takes the tables, here it stays as it was where they are refused. Its
    /// processor forgets what it remembers of tables before the vCPU runs: a flush is owed.
    ///
    /// @xen xen/common/domain.c, default_initialise_vcpu
    /// @xen xen/arch/x86/domain.c, arch_set_info_guest
    @Clause(
            value = "pv.vcpu-op.initialise",
            rows = {"a", "b", "c", "d", "e", "f", "g", "h", "i"})
    private static Step initialise(Step at, VcpuId who, GuestAddress arg) {
        if (who.number() >= LEGACY_MAX_VCPUS) {
            return at.refuse("pv.vcpu-op.initialise/a", EINVAL);
        }
        Option<GuestBytes> read = GuestAddresses.read(at, arg, VcpuGuestContext.BYTES);
        if (read.isEmpty()) {
            return at.refuse("pv.vcpu-op.initialise/b", EFAULT);
        }
        Vcpu before = at.machine().vcpu(who);
        if (before.life() != VcpuLife.UNINITIALISED) {
            return at.refuse("pv.vcpu-op.initialise/c", EEXIST);
        }
        VcpuGuestContext context = VcpuGuestContext.of(read.get());
        Step checked = VcpuContext.check(at, context);
        if (checked.failed()) {
            return checked.row("pv.vcpu-op.initialise/d");
        }
        if (context.fs() > LAST_NULL || context.gs() > LAST_NULL) {
            return checked.row("pv.vcpu-op.initialise/e")
                    .ending(new Result.Unspecified("a selector loaded into FS or GS"));
        }
        Step taken = VcpuTables.take(checked, who, VcpuContext.tables(context));
        if (taken.failed()) {
            return taken.row(
                    taken.preempted() ? "pv.vcpu-op.initialise/f" : "pv.vcpu-op.initialise/g");
        }
        boolean online = context.has(VcpuGuestContext.VGCF_ONLINE);
        Vcpu vcpu = taken.machine().vcpu(who);
        Vcpu initialised =
                vcpu.withEntry(VcpuContext.entry(context, vcpu.entry()))
                        .withLife(online ? VcpuLife.UP : VcpuLife.DOWN);
        return taken.with(taken.machine().with(who, initialised))
                .flush(new Flush.Local(who))
                .row(online ? "pv.vcpu-op.initialise/h" : "pv.vcpu-op.initialise/i");
    }

    /// `VCPUOP_up`: has a vCPU run.
    ///
    /// | row | the vCPU           | outcome         |
    /// |-----|--------------------|-----------------|
    /// | a   | is not initialised | `EINVAL`        |
    /// | b   | is initialised     | it is up        |
    ///
    /// It goes on where it stopped, or begins with what it was initialised with.
    @Clause(
            value = "pv.vcpu-op.up",
            rows = {"a", "b"})
    private static Step up(Step at, VcpuId who) {
        Vcpu vcpu = at.machine().vcpu(who);
        return vcpu.life() == VcpuLife.UNINITIALISED
                ? at.refuse("pv.vcpu-op.up/a", EINVAL)
                : lives(at, who, VcpuLife.UP).row("pv.vcpu-op.up/b");
    }

    /// `VCPUOP_down`: has a vCPU stop.
    ///
    /// | row | the vCPU                                  | outcome               |
    /// |-----|-------------------------------------------|-----------------------|
    /// | a   | is one beside which no other is up        | the domain shuts down |
    /// | b   | is not initialised                        | nothing changes       |
    /// | c   | is initialised                            | it is down            |
    ///
    /// A vCPU that stops itself sees the call return once somebody has it run again. Row a is not
    /// about which vCPU it is: whoever is the only one up shuts its domain down by naming itself.
    @Clause(
            value = "pv.vcpu-op.down",
            rows = {"a", "b", "c"})
    private static Outcome down(Step at, VcpuId who) {
        boolean others = false;
        for (int number = 0; number < at.caller().vcpus().size(); number++) {
            others |= number != who.number() && at.caller().vcpus().get(number).up();
        }
        if (!others) {
            return Outcome.of(at.row("pv.vcpu-op.down/a"), Answer.SHUT_DOWN);
        }
        return Outcome.returning(
                at.machine().vcpu(who).life() == VcpuLife.UNINITIALISED
                        ? at.row("pv.vcpu-op.down/b")
                        : lives(at, who, VcpuLife.DOWN).row("pv.vcpu-op.down/c"));
    }

    private static Step lives(Step at, VcpuId who, VcpuLife life) {
        Vcpu vcpu = at.machine().vcpu(who);
        return vcpu.life() == life ? at : at.with(at.machine().with(who, vcpu.withLife(life)));
    }
}
