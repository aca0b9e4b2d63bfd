// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.pv;

import static org.provisor.spec.abi.XenErrno.EFAULT;
import static org.provisor.spec.abi.XenErrno.EINVAL;
import static org.provisor.spec.abi.XenErrno.ENOSYS;

import io.vavr.control.Option;

import org.provisor.spec.abi.Bitness;
import org.provisor.spec.abi.CallbackCommand;
import org.provisor.spec.abi.CallbackRegister;
import org.provisor.spec.abi.CallbackType;
import org.provisor.spec.abi.CallbackUnregister;
import org.provisor.spec.abi.FlatSelectors;
import org.provisor.spec.abi.GuestBytes;
import org.provisor.spec.abi.Invocation.CallbackOpCall;
import org.provisor.spec.abi.Invocation.SetCallbacksCall;
import org.provisor.spec.mm.GuestAddresses;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Callback;
import org.provisor.spec.state.KernelEntry;
import org.provisor.spec.state.Outcome;
import org.provisor.spec.state.Step;
import org.provisor.spec.state.TrapHandler;
import org.provisor.spec.x86.LinearAddress;

/// `set_callbacks` and `callback_op`: say where the calling vCPU's kernel is entered for what is no
/// exception.
///
/// @xen xen/arch/x86/pv/callback.c
public final class Callbacks {

    private static final Bitness BITS = Bitness.BITS_64;
    private static final int NMI_VECTOR = 2;

    /// Flags of a handler that masks events.
    private static final int MASKS_EVENTS = 4;

    private Callbacks() {}

    /// Does the call `set_callbacks`: registers that for events, the failsafe one, and that for
    /// system calls, which do not mask events on the way in.
    ///
    /// | row | the call | outcome                                                    |
    /// |-----|----------|------------------------------------------------------------|
    /// | a   | is any   | returns 0; an address that is refused stays as it was      |
    ///
    /// Xen does not look at what becomes of the three registrations.
    @Clause(
            value = "pv.set-callbacks",
            rows = {"a"})
    public static Outcome call(Step at, SetCallbacksCall call) {
        Step event = register(at, CallbackType.EVENT.number(), call.event(), false).recovered();
        Step failsafe =
                register(event, CallbackType.FAILSAFE.number(), call.failsafe(), false).recovered();
        Step syscall =
                register(failsafe, CallbackType.SYSCALL.number(), call.syscall(), false)
                        .recovered();
        return Outcome.returning(syscall.row("pv.set-callbacks/a"));
    }

    /// Does the call `callback_op`.
    ///
    /// | row | the call                                  | outcome                     |
    /// |-----|-------------------------------------------|-----------------------------|
    /// | a   | has an unknown command                    | `ENOSYS`                    |
    /// | b   | has an argument that cannot be read       | `EFAULT`                    |
    /// | c   | registers                                 | as the registration says    |
    /// | d   | takes a registration back                 | as taking it back says      |
    @Clause(
            value = "pv.callback-op",
            rows = {"a", "b", "c", "d"})
    public static Outcome operation(Step at, CallbackOpCall call) {
        Option<CallbackCommand> command = CallbackCommand.of(call.cmd());
        if (command.isEmpty()) {
            return Outcome.returning(at.refuse("pv.callback-op/a", ENOSYS));
        }
        int size =
                switch (command.get()) {
                    case REGISTER -> CallbackRegister.LAYOUT.size(BITS);
                    case UNREGISTER -> CallbackUnregister.LAYOUT.size(BITS);
                };
        Option<GuestBytes> read = GuestAddresses.read(at, call.arg(), size);
        if (read.isEmpty()) {
            return Outcome.returning(at.refuse("pv.callback-op/b", EFAULT));
        }
        GuestBytes bytes = read.get();
        return Outcome.returning(
                switch (command.get()) {
                    case REGISTER -> {
                        CallbackRegister head = CallbackRegister.fromBytes(bytes, 0, BITS);
                        yield register(
                                        at,
                                        head.type(),
                                        CallbackRegister.address(bytes),
                                        head.masksEvents())
                                .row("pv.callback-op/c");
                    }
                    case UNREGISTER ->
                            unregister(at, CallbackUnregister.fromBytes(bytes, 0, BITS).type())
                                    .row("pv.callback-op/d");
                });
    }

    /// Registers where the kernel is entered.
    ///
    /// | row | the registration                                     | outcome                       |
    /// |-----|------------------------------------------------------|-------------------------------|
    /// | a   | is of an address that is not canonical               | `EINVAL`                      |
    /// | b   | is for something that there is not                   | `ENOSYS`                      |
    /// | c   | is for non-maskable interrupts                       | vector 2 has it as handler    |
    /// | d   | is for events                                        | kept; they are always masked  |
    /// | e   | is for anything else                                 | kept, with whether it masks   |
    ///
    /// In row c events are masked on the way in, and the selector is that of the kernel's flat
    /// segment. The address 0 is registered as any other, and is nowhere.
    @Clause(
            value = "pv.callback.register",
            rows = {"a", "b", "c", "d", "e"})
    private static Step register(Step at, long type, long address, boolean masks) {
        if (!LinearAddress.canonical(address)) {
            return at.refuse("pv.callback.register/a", EINVAL);
        }
        Option<CallbackType> known = CallbackType.of(type);
        if (known.isEmpty()) {
            return at.refuse("pv.callback.register/b", ENOSYS);
        }
        KernelEntry entry = at.vcpu().entry();
        return switch (known.get()) {
            case NMI -> {
                TrapHandler handler =
                        new TrapHandler(MASKS_EVENTS, FlatSelectors.FLAT_RING3_CS64, address);
                yield with(at, entry.withHandlers(entry.handlers().put(NMI_VECTOR, handler)))
                        .row("pv.callback.register/c");
            }
            case EVENT ->
                    with(at, entry.withCallback(CallbackType.EVENT, new Callback(address, false)))
                            .row("pv.callback.register/d");
            case FAILSAFE, SYSCALL, SYSENTER, SYSCALL32 ->
                    with(at, entry.withCallback(known.get(), new Callback(address, masks)))
                            .row("pv.callback.register/e");
        };
    }

    /// Takes back what was registered.
    ///
    /// | row | the registration                   | outcome                       |
    /// |-----|------------------------------------|-------------------------------|
    /// | a   | is for something that there is not | `ENOSYS`                      |
    /// | b   | is for non-maskable interrupts     | vector 2 has no handler       |
    /// | c   | is for anything else               | `EINVAL`: it cannot be undone |
    @Clause(
            value = "pv.callback.unregister",
            rows = {"a", "b", "c"})
    private static Step unregister(Step at, long type) {
        Option<CallbackType> known = CallbackType.of(type);
        if (known.isEmpty()) {
            return at.refuse("pv.callback.unregister/a", ENOSYS);
        }
        if (known.get() == CallbackType.NMI) {
            KernelEntry entry = at.vcpu().entry();
            return with(at, entry.withHandlers(entry.handlers().remove(NMI_VECTOR)))
                    .row("pv.callback.unregister/b");
        }
        return at.refuse("pv.callback.unregister/c", EINVAL);
    }

    private static Step with(Step at, KernelEntry entry) {
        return at.withVcpu(at.vcpu().withEntry(entry));
    }
}
