// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.cpu;

/// The descriptor tables as a processor reads them, and what instructions tell of where they are.
public interface DescriptorTables {

    /// Says of [#find] that the table ends before it.
    long BEYOND = -1;

    /// What [#register] is asked for.
    int GDT_BASE = 0;

    int GDT_LIMIT = 1;
    int IDT_BASE = 2;
    int IDT_LIMIT = 3;

    /// The selector of the local descriptor table.
    int LOCAL_TABLE = 4;

    /// The selector of the task-state segment.
    int TASK = 5;

    /// CR0, which `smsw` tells.
    int MACHINE_STATUS = 6;

    /// No tables: all but null selectors are beyond them.
    DescriptorTables EMPTY =
            new DescriptorTables() {
                @Override
                public long find(final int selector) {
                    return BEYOND;
                }

                @Override
                public long read(final long at) {
                    throw new IllegalStateException();
                }

                @Override
                public void replace(final long at, final long before, final long now) {
                    throw new IllegalStateException();
                }

                @Override
                public long register(final int which) {
                    return 0;
                }
            };

    /// Finds the descriptor that a selector names.
    ///
    /// @param selector 16 bits, not null
    /// @return where it is, for the methods below, or [#BEYOND]
    /// @throws CpuFault if the table's memory faults
    long find(int selector);

    /// Reads a descriptor: 8 bytes.
    long read(long at);

    /// Changes a descriptor, if it is still what it was.
    void replace(long at, long before, long now);

    /// What the processor holds of the tables.
    ///
    /// @param which one of the constants above
    long register(int which);
}
