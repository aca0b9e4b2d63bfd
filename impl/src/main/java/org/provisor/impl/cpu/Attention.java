// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.cpu;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// How the word is read by which an engine is asked to stop: each time anew.
final class Attention {

    static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

    private Attention() {}
}
