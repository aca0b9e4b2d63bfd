// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.launch;

import org.provisor.impl.hypercall.Registers;
import org.provisor.impl.mm.Vcpu;
import org.provisor.impl.tlb.Processor;

import java.util.function.IntSupplier;

/// Makes calls while the processor uses no translations, whether it does so around them or not: a
/// call may wait for another vCPU, which waits for this one.
record AwayCalls(Processor processor, GuestCalls calls) implements GuestCalls {

    @Override
    public void call(final Vcpu by, final Registers registers) {
        calls.call(by, registers);
    }

    @Override
    public int write(
            final Vcpu by,
            final long cr2,
            final long linear,
            final int bytes,
            final long value,
            final boolean compares,
            final long expected) {
        return away(() -> calls.write(by, cr2, linear, bytes, value, compares, expected));
    }

    @Override
    public int mapLocalTable(final Vcpu by, final int offset) {
        return away(() -> calls.mapLocalTable(by, offset));
    }

    private int away(final IntSupplier what) {
        if (!processor.isUsing()) {
            return what.getAsInt();
        }
        processor.leave();
        try {
            return what.getAsInt();
        } finally {
            processor.enter();
            processor.disturb();
        }
    }
}
