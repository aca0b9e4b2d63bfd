// SPDX-License-Identifier: Apache-2.0

/// The command line.
///
/// A command does its work in its own package; here are only its options, its messages and its exit
/// code.
@NullMarked
package org.provisor.proofs.cli;

import org.jspecify.annotations.NullMarked;
