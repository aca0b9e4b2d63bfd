// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.launch;

import org.provisor.impl.mm.EntryState;
import org.provisor.impl.mm.Vcpu;

/// Which ports a guest may use, and `cli` and `sti`: by its privilege level for I/O, or by a bitmap
/// of ports. There is nothing at any port: what is read from one has all bits set.
///
/// @xen xen/arch/x86/pv/emul-priv-op.c, iopl_ok, guest_io_okay
final class Ports {

    /// How many ports there are.
    static final int COUNT = 1 << 16;

    private static final int ARCHITECTURAL_IOPL = 4;
    private static final int IOPL_SHIFT = 12;
    private static final int USER = 3;

    private final Vcpu vcpu;
    private final EntryState entry;
    private final long[] word = new long[1];

    /// Where the bitmap is, in which a port that the guest may use is 0, and of how many ports.
    private long bitmap;

    private long limit;

    /// No bitmap.
    Ports(final Vcpu vcpu) {
        this.vcpu = vcpu;
        entry = vcpu.entry();
    }

    /// Sets the bitmap.
    void setBitmap(final long at, final long ports) {
        bitmap = at;
        limit = ports;
    }

    /// Sets the privilege level for I/O: from 0 to 3.
    void setPrivilege(final int level) {
        entry.ioPrivilege = level << IOPL_SHIFT;
    }

    /// Whether the mode that runs may do as it likes. A kernel runs at level 1 unless it has asked
    /// to run at 0.
    boolean allAllowed() {
        final boolean architectural = (vcpu.domain().assists() >>> ARCHITECTURAL_IOPL & 1) != 0;
        final int level = entry.userMode ? USER : architectural ? 0 : 1;
        return level << IOPL_SHIFT <= entry.ioPrivilege;
    }

    /// Whether it may use some ports. Where the bitmap cannot be read it allows none.
    boolean allowed(final int port, final int bytes) {
        if (allAllowed()) {
            return true;
        }
        if (limit <= port + bytes) {
            return false;
        }
        long bits = 0;
        for (int i = 0; i < 2; i++) {
            final boolean read = vcpu.guest().read(bitmap + (port >>> 3) + i, word, 1);
            bits |= (read ? word[0] & 0xFF : 0xFF) << (Byte.SIZE * i);
        }
        return (bits >>> (port & 7) & ((1 << bytes) - 1)) == 0;
    }
}
