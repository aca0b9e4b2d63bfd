// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

/// One thing that the package says about Xen's ABI, and how C says it.
///
/// `reading` is where the C expression is evaluated; `expression` is the expression, and the name
/// of the claim; `java` is where the package says it.
record Claim(Reading reading, String expression, String java, long value) {

    /// How a C expression is evaluated.
    enum Reading {
        /// In Xen's public headers, as a 64-bit guest compiles them.
        HEADERS_64("64"),

        /// In Xen's public headers, as a 32-bit guest compiles them.
        HEADERS_32("32"),

        /// In definitions taken from Xen's source, which the public headers do not have.
        SOURCE("source");

        final String label;

        Reading(String label) {
            this.label = label;
        }

        static Reading of(Bitness bitness) {
            return switch (bitness) {
                case BITS_64 -> HEADERS_64;
                case BITS_32 -> HEADERS_32;
            };
        }
    }

    /// The place of the claim in a table of values.
    String key() {
        return reading.label + " " + expression;
    }
}
