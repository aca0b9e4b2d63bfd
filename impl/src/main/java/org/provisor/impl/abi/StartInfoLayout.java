// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.abi;

/// Where things are in the start information of a 64-bit paravirtual guest.
///
///     0x000  magic, 32 bytes        0x058  linear address of the root table
///     0x020  number of pages        0x060  number of page tables
///     0x028  shared_info, machine   0x068  list of frames, linear
///            address                0x070  module, linear or page number
///     0x030  flags, 4 bytes         0x078  its size
///     0x038  store: frame, port     0x080  command line, 1024 bytes
///     0x048  console: likewise      0x480  list of frames: first page, number of pages
///     0x490
///
/// @xen xen/include/public/xen.h, struct start_info
public final class StartInfoLayout {

    public static final int MAGIC = 0;
    public static final int NR_PAGES = 0x20;
    public static final int SHARED_INFO = 0x28;
    public static final int FLAGS = 0x30;
    public static final int PT_BASE = 0x58;
    public static final int NR_PT_FRAMES = 0x60;
    public static final int MFN_LIST = 0x68;
    public static final int MOD_START = 0x70;
    public static final int MOD_LEN = 0x78;
    public static final int CMD_LINE = 0x80;
    public static final int FIRST_P2M_PFN = 0x480;
    public static final int NR_P2M_FRAMES = 0x488;

    private StartInfoLayout() {}
}
