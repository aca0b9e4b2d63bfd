// SPDX-License-Identifier: Apache-2.0
package org.provisor.model.bridge;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Keys of transitions, to tell which were seen.
final class Keys {

    private Keys() {}

    /// The key of a transition as it is.
    static UUID of(Relational.Step step) {
        return UUID.nameUUIDFromBytes(text(step).getBytes(StandardCharsets.UTF_8));
    }

    private static String text(Relational.Step step) {
        return step.kind()
                + step.pre().text("")
                + '|'
                + step.call().text("")
                + '|'
                + step.post().text("");
    }

    /// The key that a transition has in common with those that differ from it in the names of
    /// frames only. To a model they are the same, since it has no order of frames.
    static UUID anyNames(Relational.Step step, List<String> frames) {
        String least = null;
        for (List<String> order : orders(frames)) {
            Map<String, String> names = new HashMap<>();
            for (int i = 0; i < order.size(); i++) {
                names.put(frames.get(i), order.get(i));
            }
            String text =
                    text(
                            new Relational.Step(
                                    step.pre().renamed(names),
                                    step.kind(),
                                    step.call().renamed(names),
                                    step.post().renamed(names)));
            least = least == null || text.compareTo(least) < 0 ? text : least;
        }
        return UUID.nameUUIDFromBytes(String.valueOf(least).getBytes(StandardCharsets.UTF_8));
    }

    private static List<List<String>> orders(List<String> frames) {
        if (frames.isEmpty()) {
            return List.of(List.of());
        }
        List<List<String>> all = new ArrayList<>();
        for (String first : frames) {
            List<String> rest = new ArrayList<>(frames);
            rest.remove(first);
            for (List<String> order : orders(rest)) {
                List<String> whole = new ArrayList<>(List.of(first));
                whole.addAll(order);
                all.add(whole);
            }
        }
        return all;
    }
}
