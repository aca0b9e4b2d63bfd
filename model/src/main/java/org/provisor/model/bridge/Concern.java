// SPDX-License-Identifier: Apache-2.0
package org.provisor.model.bridge;

import org.provisor.model.Models;
import org.provisor.spec.state.Profile;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// The models that are bridged, and what has to be known of each besides its text.
public enum Concern {
    PAGE_TYPES,
    REFERENCES,
    LINEAR_TABLES,
    PINNING,
    PARTIAL_VALIDATION,
    TEARDOWN,
    EXCHANGE,
    CLAIMS;

    private static final int SLOTS = 2;

    /// The name of its file without the suffix.
    public String model() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The concern of a model.
    public static Concern of(String model) {
        return valueOf(model.toUpperCase(Locale.ROOT));
    }

    /// Whether there is one of this name.
    public static boolean has(String model) {
        return Arrays.stream(values()).anyMatch(each -> each.model().equals(model));
    }

    /// Whether a call is one attempt, in which every preemption check says yes.
    boolean attempts() {
        return this == PARTIAL_VALIDATION;
    }

    /// Whether the control domain maps memory of the guest.
    boolean tables() {
        return this == TEARDOWN;
    }

    /// Whether the guest may begin to die between any two calls.
    boolean dies() {
        return this == PINNING || this == EXCHANGE;
    }

    Profile profile() {
        Profile small = Profile.small(SLOTS);
        return this == LINEAR_TABLES || this == TEARDOWN ? small : small.withoutLinearTables();
    }

    /// Its frames by the owners at the start, one letter each: c for the control domain, g for the
    /// guest, - for a free one.
    List<String> owners(int frames) {
        return switch (this) {
            case PAGE_TYPES, LINEAR_TABLES, PARTIAL_VALIDATION, TEARDOWN ->
                    List.of("g".repeat(frames));
            case PINNING -> List.of("g".repeat(frames - 1) + "c");
            case REFERENCES, EXCHANGE, CLAIMS ->
                    List.of("c" + "g".repeat(frames - 1), "g".repeat(frames - 1) + "-");
        };
    }

    Relational relational(int frames) {
        return new Relational(Models.text(model()), frames);
    }
}
