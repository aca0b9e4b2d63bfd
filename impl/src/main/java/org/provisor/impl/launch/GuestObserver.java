// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.launch;

import org.provisor.impl.hypercall.Registers;

/// Is told what stops a guest while it runs.
public interface GuestObserver {

    /// Looks at nothing.
    GuestObserver NONE =
            new GuestObserver() {
                @Override
                public void called(
                        final long instructions,
                        final long number,
                        final long[] arguments,
                        final long rip,
                        final Registers after) {}

                @Override
                public void left(final long instructions, final long number) {}

                @Override
                public void excepted(final long instructions, final int vector, final long rip) {}
            };

    /// A hypercall was made. One that goes on later has RIP where it was made.
    ///
    /// @param instructions how many the guest has carried out so far
    /// @param arguments the five words that it was made with
    /// @param rip behind the instruction that made it
    /// @param after what the guest finds in its registers
    void called(long instructions, long number, long[] arguments, long rip, Registers after);

    /// A call was made behind which the guest does not go on: `iret`, or one that ended the domain.
    void left(long instructions, long number);

    /// An exception or a software interrupt is passed on to the guest's kernel.
    void excepted(long instructions, int vector, long rip);
}
