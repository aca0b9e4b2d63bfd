// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.evidence;

import java.util.LinkedHashMap;
import java.util.Map;

/// A JSON object whose keys stay in the order in which they were put.
final class Ordered {

    private final Map<String, Object> map = new LinkedHashMap<>();

    private Ordered() {}

    static Ordered map() {
        return new Ordered();
    }

    Ordered put(String key, Object value) {
        map.put(key, value);
        return this;
    }

    Map<String, Object> done() {
        return map;
    }
}
