// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.xen;

/// Something that Xen and the specification do not agree on.
///
/// @param part what it is, without numbers: two differences of the same kind have the same
/// @param text where, and what each side says
record Mismatch(String part, String text) {

    static Mismatch of(String part, String where, String specified, String real) {
        return new Mismatch(
                part, where + ": " + part + ": specification " + specified + ", Xen " + real);
    }
}
