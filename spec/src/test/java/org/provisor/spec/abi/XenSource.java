// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Definitions in an unpacked source tree of Xen, which the build does not need and does not have.
/// `-Dxen.source=` names the folder that holds `arch` and `common`.
final class XenSource {

    private static final List<String> FILES =
            List.of(
                    "arch/x86/include/asm/config.h",
                    "arch/x86/include/asm/desc.h",
                    "arch/x86/include/asm/hypercall.h",
                    "arch/x86/include/asm/mm.h",
                    "arch/x86/include/asm/page-bits.h",
                    "include/xen/hypercall.h");

    private static final List<String> NAMES =
            List.of(
                    "INVALID_M2P_ENTRY",
                    "L1_PAGETABLE_ENTRIES",
                    "L1_PAGETABLE_SHIFT",
                    "MACH2PHYS_COMPAT_VIRT_END",
                    "MEMOP_CMD_MASK",
                    "MEMOP_EXTENT_SHIFT",
                    "MMU_UPDATE_PREEMPTED",
                    "PADDR_BITS",
                    "PAGETABLE_ORDER",
                    "ROOT_PAGETABLE_FIRST_XEN_SLOT",
                    "ROOT_PAGETABLE_LAST_XEN_SLOT",
                    "SHARED_M2P_ENTRY",
                    "SYS_DESC_call_gate",
                    "_SEGMENT_CODE",
                    "_SEGMENT_DB",
                    "_SEGMENT_DPL",
                    "_SEGMENT_EC",
                    "_SEGMENT_G",
                    "_SEGMENT_L",
                    "_SEGMENT_P",
                    "_SEGMENT_S",
                    "_SEGMENT_TYPE",
                    "_SEGMENT_WR");

    private XenSource() {}

    /// The source tree, if one is named.
    static Optional<Path> folder() {
        return Optional.ofNullable(System.getProperty("xen.source")).map(Path::of);
    }

    /// The definitions, to be put into a C file.
    static String definitions(Path folder) throws IOException {
        var found = new StringBuilder();
        for (var file : FILES) {
            for (var line : Files.readString(folder.resolve(file)).lines().toList()) {
                for (var name : NAMES) {
                    if (line.matches("#\\s*define\\s+" + name + "\\s.*")) {
                        // A comment may go on in the next line.
                        found.append(line.replaceAll("/\\*.*", "")).append('\n');
                    }
                }
            }
        }
        return found.toString();
    }
}
