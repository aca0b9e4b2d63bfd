// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.bench;

import java.nio.file.Path;

/// What the implementation is compared with.
///
/// @param qemu the program
/// @param xen a file that holds Xen
public record BenchPeer(String qemu, Path xen) {}
