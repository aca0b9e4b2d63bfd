// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.cpu;

/// An exception of the processor, on its way out of an instruction. There is one for each
/// processor, made beforehand: raising it allocates nothing.
///
/// The instruction has changed no register by then. What it has stored stays stored, as on the
/// processor.
public final class CpuFault extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private int vector;
    private long errorCode;
    private boolean withErrorCode;
    private long address;

    CpuFault() {
        super(null, null, false, false);
    }

    /// One without an error code.
    public CpuFault of(final int newVector) {
        vector = newVector;
        errorCode = 0;
        withErrorCode = false;
        return this;
    }

    public CpuFault of(final int newVector, final long newErrorCode) {
        vector = newVector;
        errorCode = newErrorCode;
        withErrorCode = true;
        return this;
    }

    /// A page fault.
    ///
    /// @param newErrorCode bits of [PageFaults]
    /// @param at the linear address, for CR2
    public CpuFault pageFault(final long newErrorCode, final long at) {
        address = at;
        return of(Vectors.PF, newErrorCode);
    }

    public int vector() {
        return vector;
    }

    public long errorCode() {
        return errorCode;
    }

    /// Whether an error code goes onto the stack.
    public boolean hasErrorCode() {
        return withErrorCode;
    }

    /// What CR2 holds after the last page fault.
    public long address() {
        return address;
    }
}
