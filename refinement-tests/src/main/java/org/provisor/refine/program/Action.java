// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.program;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// One step of a program: something a guest or a toolstack does.
public sealed interface Action {

    /// A vCPU's kernel makes a hypercall. If it is preempted it is made again, as its registers
    /// then say, until it returns or the stimulus says that it is left at that.
    ///
    /// @param number what is in `rax`
    /// @param arguments `rdi rsi rdx r10 r8`; those missing are 0
    record Call(int domain, int vcpu, Operand number, List<Operand> arguments, Stimulus stimulus)
            implements Action {}

    /// A domain's kernel writes 8 bytes into the memory it hands to calls.
    record Poke(int domain, long linear, Operand value) implements Action {}

    /// A domain's kernel writes 8 bytes into one of its frames. Nothing happens where the frame is
    /// not its own, or not ordinary memory, or in use as a page table or for descriptors.
    record Fill(int domain, Operand frame, int slot, Operand value) implements Action {}

    /// A domain has another destroyed; asked for again until it is done or the stimulus says that
    /// it is left at that.
    record Destroy(int by, int domain, Stimulus stimulus) implements Action {}

    /// A vCPU loads a descriptor from this offset of its local descriptor table. Nothing happens
    /// where the processor would not ask for it: behind its end, or mapped already.
    record LoadDescriptor(int domain, int vcpu, int offset) implements Action {}

    /// A vCPU's kernel writes to memory that is mapped read-only.
    ///
    /// @param expected for a compare-and-exchange: what must be there
    record WriteReadOnly(
            int domain,
            int vcpu,
            long cr2,
            long address,
            int bytes,
            Operand value,
            @Nullable Operand expected)
            implements Action {}

    /// A vCPU stops with something for its kernel, or its kernel leaves itself. Nothing happens
    /// where the vCPU is not in the mode in which that can be.
    ///
    /// @param vector of an exception or an interrupt
    /// @param code an exception's error code, or how many bytes an interrupt's instruction has
    /// @param cr2 where a page fault was
    /// @param upcallMask the byte by which the guest masks events
    /// @param upcallPending whether events are pending
    record Arrive(
            int domain,
            int vcpu,
            Cause cause,
            int vector,
            long code,
            long cr2,
            Frame frame,
            int upcallMask,
            boolean upcallPending)
            implements Action {}

    /// What a vCPU stops with.
    enum Cause {
        EXCEPTION,
        INTERRUPT,
        SYSCALL,
        EVENTS,
        IRET;

        /// Vectors of exceptions that the processor raises for a guest's instruction, bit by bit.
        private static final int RAISED = 0x000B_7CFB;

        /// Whether a guest's instruction can raise an exception of this vector.
        public static boolean raises(int vector) {
            return vector >= 0 && vector < Integer.SIZE && (RAISED >>> vector & 1) != 0;
        }
    }

    /// What its registers hold then.
    ///
    /// @param cs 16 bits
    /// @param ss 16 bits
    record Frame(long rip, int cs, long rflags, long rsp, int ss, long rcx, long r11) {}

    /// What happens around a call that its caller does not decide.
    ///
    /// @param patience how many preemption checks of each attempt answer no before one answers yes;
    ///   {@link Integer#MAX_VALUE} for never
    /// @param failed which requests for several frames at once, counted from 0 over all attempts,
    ///   get nothing; bit n for request n
    /// @param flips words of the caller's memory that change while the call runs
    /// @param attempts after how many attempts, 1 at the least, a caller that is still preempted
    ///   leaves it at that and does something else; {@link Integer#MAX_VALUE} for never
    record Stimulus(int patience, long failed, List<Flip> flips, int attempts) {

        public static final Stimulus NONE = new Stimulus(Integer.MAX_VALUE, 0, List.of());

        /// A caller that goes on until it is done.
        public Stimulus(int patience, long failed, List<Flip> flips) {
            this(patience, failed, flips, Integer.MAX_VALUE);
        }
    }

    /// Another vCPU of the caller writes 8 bytes after the call has read that word so many times.
    ///
    /// @param reads after how many reads of the word, 1 at the least
    record Flip(long linear, int reads, Operand value) {}
}
