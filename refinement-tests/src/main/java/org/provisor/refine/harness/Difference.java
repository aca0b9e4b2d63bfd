// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.harness;

/// Something that the two sides do not agree on.
///
/// @param part what it is, without numbers: two differences of the same kind have the same
/// @param explanation where, and what each side says
public record Difference(String part, String explanation) {

    /// One value that differs.
    static Difference of(String part, String where, Object specified, Object implemented) {
        return new Difference(
                part,
                where
                        + ": "
                        + part.substring(part.indexOf(':') + 1).strip()
                        + ": specification "
                        + specified
                        + ", implementation "
                        + implemented);
    }

    /// One word that differs.
    static Difference ofWord(String part, String where, long specified, long implemented) {
        return of(
                part,
                where,
                "0x" + Long.toHexString(specified),
                "0x" + Long.toHexString(implemented));
    }
}
