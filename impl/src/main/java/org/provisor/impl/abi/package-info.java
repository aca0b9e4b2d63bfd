// SPDX-License-Identifier: Apache-2.0

/// Numbers and layouts that guests rely on, from Xen's public headers: commands, errors, and where
/// fields are in the structures of 64-bit guests.
///
/// A structure is an array of words as it was read, 8 bytes each, little-endian; its layout takes
/// fields out of them. A field is read as often as one likes: the guest's memory was read once.
@NullMarked
package org.provisor.impl.abi;

import org.jspecify.annotations.NullMarked;
