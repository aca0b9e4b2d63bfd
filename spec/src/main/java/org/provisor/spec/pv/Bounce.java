// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.pv;

import io.vavr.collection.List;
import io.vavr.control.Option;

import org.provisor.spec.abi.FlatSelectors;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.ReservedAddresses;
import org.provisor.spec.abi.VmAssistType;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Answer;
import org.provisor.spec.state.GuestRegisters;
import org.provisor.spec.state.KernelEntry;
import org.provisor.spec.state.Outcome;
import org.provisor.spec.state.Step;

/// The frame that an entry leaves on the kernel's stack, and where the kernel goes on.
///
/// @xen xen/arch/x86/x86_64/entry.S, create_bounce_frame, restore_all_guest
public final class Bounce {

    private static final int WORD = Long.BYTES;
    private static final long ALIGNMENT = 15;
    private static final int UINT16 = 0xFFFF;
    private static final int UINT_BITS = 32;
    private static final long UINT = 0xFFFF_FFFFL;

    /// The size of the longest frame: the distance that is kept above Xen's part.
    private static final int LONGEST = 8 * WORD;

    /// Flags that are cleared on the way into the kernel.
    private static final long CLEARED = Flags.TF | Flags.NT | Flags.RF | Flags.VM | Flags.AC;

    private Bounce() {}

    /// Where the kernel is to be entered.
    ///
    /// @param handler the address; 0 for nowhere
    /// @param masksEvents whether events are masked from then on
    /// @param errorCode what the frame has beside what each has
    /// @param cr2 where a page fault was
    /// @param syscall whether it is a system call of user mode
    record Target(
            long handler,
            boolean masksEvents,
            Option<Long> errorCode,
            Option<GuestAddress> cr2,
            boolean syscall) {

        /// For neither an exception nor a system call.
        static Target of(long handler, boolean masksEvents) {
            return new Target(handler, masksEvents, Option.none(), Option.none(), false);
        }
    }

    /// Puts a frame on the kernel's stack and enters the kernel.
    ///
    /// | row | the vCPU                                                     | outcome              |
    /// |-----|--------------------------------------------------------------|----------------------|
    /// | a   | has a stack in Xen's part of the addresses, or just above    | the domain crashes   |
    /// | b   | has a stack on which a word of the frame cannot be written   | the domain crashes   |
    /// | c   | is to be entered nowhere                                     | the domain crashes   |
    /// | d   | is in user mode                                              | is in the kernel     |
    /// | e   | is in the kernel                                             | goes on in it        |
    ///
    /// From user mode the stack is the one that the kernel has registered, otherwise the one that
    /// it is on. A frame ends at the last multiple of 16 below. Xen writes it from its end down:
    /// SS, RSP, CS, RFLAGS, RIP, the error code if there is one, R11, RCX; but in memory RFLAGS is
    /// above CS:
    ///
    ///     RCX  R11  [error code]  RIP  CS  RFLAGS  RSP  SS
    ///
    /// In rows b and c what was written stays. Addresses wrap around, and those below Xen's part
    /// lose their highest bit, so that one that is not canonical may become one that is.
    ///
    /// In the frame, CS has the byte by which events were masked in bits 32 to 39, and privilege
    /// level 0 if the kernel was interrupted; IF of RFLAGS says whether events were not masked;
    /// its privilege level for I/O is 0, or with the assist the one that the guest thinks it has.
    ///
    /// The kernel goes on in Xen's flat segments, as `sysret` does: RCX is RIP, and R11 is RFLAGS,
    /// without TF, NT, RF, VM, AC and the privilege level, and with IF. (Bytes that the guest keeps
    /// in the padding behind the one that masks show in bits 40 to 63 of CS; here they are 0.)
    @Clause(
            value = "pv.bounce",
            rows = {"a", "b", "c", "d", "e"})
    static Outcome enter(Step at, GuestRegisters from, int upcallMask, Target target) {
        KernelEntry entry = at.vcpu().entry();
        long end = (entry.userMode() ? entry.stack() : from.rsp()) & ~ALIGNMENT;
        if (isXens(end)) {
            return crash(at.row("pv.bounce/a"), "the kernel's stack is where Xen is");
        }
        List<Word> words = words(at, from, upcallMask, target);
        Step written = at;
        for (Word word : words) {
            GuestAddress place = new GuestAddress(lowered(end) + word.offset());
            if (!at.guest().writable(place, WORD)) {
                return crash(written.row("pv.bounce/b"), "the kernel's stack cannot be written");
            }
            written = written.reply(place, WORD, word.value());
        }
        if (target.handler() == 0) {
            return crash(written.row("pv.bounce/c"), "the kernel has no handler");
        }
        long stack = lowered(end) + words.last().offset();
        long kept = from.rflags() & ~CLEARED;
        GuestRegisters after =
                sysret(
                        from,
                        target.handler(),
                        FlatSelectors.FLAT_RING3_CS64,
                        target.syscall() ? kept & stack & UINT : kept,
                        stack);
        Step entered =
                written.withVcpu(written.vcpu().withEntry(entry.withUserMode(false)))
                        .row(entry.userMode() ? "pv.bounce/d" : "pv.bounce/e");
        int mask = target.masksEvents() ? upcallMask | 1 : upcallMask;
        return Outcome.of(entered, new Answer.Entered(after, mask, target.cr2()));
    }

    /// A word of a frame, so many bytes from where the frame ends.
    private record Word(int offset, long value) {}

    private static List<Word> words(Step at, GuestRegisters from, int upcallMask, Target target) {
        KernelEntry entry = at.vcpu().entry();
        int selector = entry.userMode() ? from.cs() : from.cs() & ~FlatSelectors.RPL;
        long iopl = at.caller().assists(VmAssistType.ARCHITECTURAL_IOPL) ? entry.iopl() : 0;
        long flags =
                (from.rflags() & UINT & ~(Flags.IF | Flags.IOPL))
                        | (upcallMask == 0 ? Flags.IF : 0)
                        | iopl;
        int code = target.errorCode().isDefined() ? WORD : 0;
        return List.of(
                        new Word(-WORD, from.ss()),
                        new Word(-2 * WORD, from.rsp()),
                        new Word(-4 * WORD, (selector & UINT16) | (long) upcallMask << UINT_BITS),
                        new Word(-3 * WORD, flags),
                        new Word(-5 * WORD, from.rip()))
                .appendAll(target.errorCode().map(value -> new Word(-6 * WORD, value & UINT)))
                .append(new Word(-6 * WORD - code, from.r11()))
                .append(new Word(-7 * WORD - code, from.rcx()));
    }

    /// Whether a frame that ends there would be in Xen's part, or reach into it.
    private static boolean isXens(long end) {
        return Long.compareUnsigned(end, ReservedAddresses.HYPERVISOR_VIRT_START) > 0
                && Long.compareUnsigned(end, ReservedAddresses.HYPERVISOR_VIRT_END + LONGEST) < 0;
    }

    private static long lowered(long end) {
        return Long.compareUnsigned(end, ReservedAddresses.HYPERVISOR_VIRT_END) < 0
                ? end & Long.MAX_VALUE
                : end;
    }

    /// The registers after `sysret` to an address, with these flags and this stack.
    static GuestRegisters sysret(GuestRegisters before, long rip, int cs, long flags, long stack) {
        long r11 = (flags & ~(Flags.IOPL | Flags.VM)) | Flags.IF;
        return new GuestRegisters(
                before.rax(),
                rip,
                r11,
                rip,
                cs,
                (r11 & Flags.SYSRET) | Flags.FIXED,
                stack,
                FlatSelectors.FLAT_RING3_SS64);
    }

    private static Outcome crash(Step at, String why) {
        return Outcome.of(at, new Answer.Crashed(why));
    }
}
