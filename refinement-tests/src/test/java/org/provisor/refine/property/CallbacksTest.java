// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.property;

import net.jqwik.api.ForAll;
import net.jqwik.api.Label;

/// The clauses of `pv.Callbacks`.
final class CallbacksTest extends ClauseProperties {

    @ClauseProperty
    @Label("pv.set-callbacks")
    void setCallbacks(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("pv.callback-op")
    void callbackOp(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("pv.callback.register")
    void callbackRegister(@ForAll long seed) {
        commutes(seed);
    }

    @ClauseProperty
    @Label("pv.callback.unregister")
    void callbackUnregister(@ForAll long seed) {
        commutes(seed);
    }
}
