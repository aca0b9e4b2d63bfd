// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.evidence;

/// Which build the evidence is of.
///
/// @param version of the build
/// @param commit the abbreviated commit, with `-dirty` when sources differed from it, or `unknown`
public record Identity(String version, String commit) {}
