// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.PageType;
import org.provisor.spec.state.Step;

/// Rules that only other rules ask, opened to tests of single frames.
public final class FrameRules {

    private FrameRules() {}

    public static Step put(Step at, Mfn mfn) {
        return References.put(at, mfn);
    }

    public static Step release(Step at, Mfn mfn) {
        return References.release(at, mfn);
    }

    public static Step steal(Step at, Mfn mfn, Domid owner) {
        return StealPage.steal(at, mfn, owner);
    }

    public static Step getType(Step at, Mfn mfn, PageType wanted) {
        return PageTypes.get(at, mfn, wanted);
    }

    public static Step putType(Step at, Mfn mfn) {
        return PageTypes.put(at, mfn);
    }

    public static boolean lockPossible(Frame frame) {
        return PageLock.possible(frame);
    }
}
