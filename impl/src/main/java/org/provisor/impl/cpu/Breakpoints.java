// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.cpu;

/// The debug registers, as far as they stop the processor: four addresses, and DR7, which says what
/// is waited for there. What has been met is kept, as bits of DR6, until somebody takes it.
/// Accesses to ports are not waited for.
///
/// @sdm 3B, "Debug Registers"
public final class Breakpoints {

    /// How many addresses there are.
    public static final int COUNT = 4;

    /// Of DR6: a single step.
    public static final int SINGLE_STEP = 1 << 14;

    private static final int EXECUTE = 0;
    private static final int WRITE = 1;
    private static final int ACCESS = 3;

    /// In DR7, behind what enables: two bits of kind and two of length for each.
    private static final int KINDS = 16;

    private final long[] addresses = new long[COUNT];
    private final Watched watched = new Watched();

    private long control;
    private long met;
    private boolean suspended;

    Breakpoints() {}

    /// None enabled, nothing met.
    public void reset() {
        control = 0;
        met = 0;
    }

    public void setAddress(final int number, final long address) {
        addresses[number] = address;
    }

    /// Says what is waited for.
    ///
    /// @param dr7 what is written to DR7
    public void setControl(final long dr7) {
        control = dr7;
    }

    /// Has none stop anything, until it is said otherwise.
    public void suspend(final boolean now) {
        suspended = now;
    }

    /// Whether any is enabled.
    public boolean armed() {
        return !suspended && (control & ((1 << (2 * COUNT)) - 1)) != 0;
    }

    /// What has been met, which is forgotten.
    public long take() {
        final long all = met;
        met = 0;
        return all;
    }

    /// Whether anything has been met.
    public boolean hasMet() {
        return met != 0;
    }

    /// Notes a single step.
    public void step() {
        met |= SINGLE_STEP;
    }

    private boolean enabled(final int number) {
        return (control >>> (2 * number) & 3) != 0;
    }

    private int kind(final int number) {
        return (int) (control >>> (KINDS + 4 * number)) & 3;
    }

    /// 1, 2, 8 or 4.
    private int bytes(final int number) {
        return switch ((int) (control >>> (KINDS + 2 + 4 * number)) & 3) {
            case 0 -> 1;
            case 1 -> 2;
            case 2 -> 8;
            default -> 4;
        };
    }

    /// An instruction is about to be carried out.
    ///
    /// @return whether somebody waits for that
    public boolean executes(final long rip) {
        boolean found = false;
        for (int i = 0; i < COUNT; i++) {
            if (enabled(i) && kind(i) == EXECUTE && addresses[i] == rip) {
                met |= 1L << i;
                found = true;
            }
        }
        return found;
    }

    private void accessed(final long address, final int size, final boolean writes) {
        for (int i = 0; i < COUNT; i++) {
            final int kind = kind(i);
            if (!enabled(i) || !(kind == ACCESS || (kind == WRITE && writes))) {
                continue;
            }
            final long first = addresses[i] & -bytes(i);
            if (address - first < bytes(i) && first - address < size) {
                met |= 1L << i;
            }
        }
    }

    /// Memory whose accesses are looked at. It holds until the next call.
    public LinearMemory watch(final LinearMemory memory) {
        watched.memory = memory;
        return watched;
    }

    private final class Watched implements LinearMemory {

        private LinearMemory memory = this;

        @Override
        public long load(final long address, final int bytes) {
            final long value = memory.load(address, bytes);
            accessed(address, bytes, false);
            return value;
        }

        @Override
        public long loadForWrite(final long address, final int bytes) {
            final long value = memory.loadForWrite(address, bytes);
            accessed(address, bytes, false);
            return value;
        }

        @Override
        public void store(final long address, final int bytes, final long value) {
            memory.store(address, bytes, value);
            accessed(address, bytes, true);
        }

        @Override
        public boolean compareAndStore(
                final long address, final int bytes, final long expected, final long value) {
            final boolean done = memory.compareAndStore(address, bytes, expected, value);
            accessed(address, bytes, true);
            return done;
        }

        @Override
        public boolean compareAndStore16(
                final long address,
                final long expectedLow,
                final long expectedHigh,
                final long low,
                final long high) {
            final boolean done =
                    memory.compareAndStore16(address, expectedLow, expectedHigh, low, high);
            accessed(address, 2 * Long.BYTES, true);
            return done;
        }

        @Override
        public int fetch(final long address, final byte[] into) {
            return memory.fetch(address, into);
        }

        @Override
        public CpuFault fetchFault(final long address) {
            return memory.fetchFault(address);
        }
    }
}
