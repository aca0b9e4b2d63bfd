// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.jit;

import org.provisor.impl.ir.MicroCode;
import org.provisor.impl.ir.MicroOps;

/// An instruction that is to be translated: where it is, its micro-operations, and where it may go.
final class Insn {

    final long rip;
    final long next;
    final long[] words;
    final long[] immediates;

    /// Nothing behind it belongs to its block.
    boolean last;

    /// It does not go on behind itself, except where [#targets] says so.
    boolean away;

    /// It goes where nobody knows beforehand; [#targets] are places where it has been seen to go.
    boolean indirect;

    long[] targets = {};

    /// The place behind it is where something will return to.
    boolean call;

    /// It may fault, or the engine may have to stop behind it.
    final boolean stops;

    final boolean stores;
    final boolean readsFlags;
    final boolean setsFlags;

    Insn(final long rip, final long next, final MicroCode code) {
        this.rip = rip;
        this.next = next;
        words = new long[code.count()];
        immediates = new long[code.count()];
        boolean anyStops = false;
        boolean anyStores = false;
        boolean anyReads = false;
        boolean anySets = false;
        for (int i = 0; i < words.length; i++) {
            words[i] = code.word(i);
            immediates[i] = code.immediate(i);
            final int op = MicroCode.op(words[i]);
            anyStops |= MicroSupport.stops(op);
            anyStores |= MicroSupport.stores(op);
            // A part of an instruction that comes after its flags does not see those before.
            anyReads |= MicroSupport.readsFlags(words[i]);
            anySets |= (words[i] & MicroCode.FLAGS) != 0 && LazyFlags.setsAll(op);
        }
        stops = anyStops;
        stores = anyStores;
        readsFlags = anyReads;
        setsFlags = anySets;
    }

    boolean repeats() {
        return words.length > 0 && MicroCode.op(words[words.length - 1]) == MicroOps.REPEAT_END;
    }
}
