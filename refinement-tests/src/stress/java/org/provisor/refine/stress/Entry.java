// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.stress;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// A page-table entry, written and read as machine memory is.
public final class Entry {

    private static final VarHandle WORD;

    static {
        try {
            WORD = MethodHandles.lookup().findVarHandle(Entry.class, "word", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings({"FieldMayBeFinal", "unused"}) // by WORD
    private long word = 1;

    public void clear() {
        WORD.setRelease(this, 0L);
    }

    public boolean present() {
        return (long) WORD.getAcquire(this) != 0;
    }
}
