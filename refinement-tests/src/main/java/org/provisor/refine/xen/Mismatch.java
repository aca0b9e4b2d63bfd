// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.xen;

/// Something that the specification and what is compared with it do not agree on.
///
/// @param part what it is, without numbers: two differences of the same kind have the same
/// @param specified where, and what the specification says
/// @param real what the other side says; empty if that is said already
record Mismatch(String part, String specified, String real) {

    static Mismatch of(String part, String where, String specified, String real) {
        return new Mismatch(part, where + ": " + part + ": specification " + specified, real);
    }

    /// Both.
    ///
    /// @param other what the other side is called
    String text(String other) {
        return real.isEmpty() ? specified : specified + ", " + other + " " + real;
    }
}
