// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.state;

/// One entry of the memory map that the toolstack gave a domain: an address, a size in bytes, and
/// an e820 type.
///
/// @xen xen/include/public/memory.h, XENMEM_memory_map
public record MemoryRange(long address, long size, int type) {}
