// SPDX-License-Identifier: Apache-2.0
// Where a kernel finds itself, and what it is told when it starts: public/xen.h, start_info.

#include <stdint.h>

#define BASE 0xffffffff80000000
#define MACHINE_TO_PHYSICAL ((const uint64_t *)0xffff800000000000)

struct start_info {
    char magic[32];
    uint64_t nr_pages;
    uint64_t shared_info;
    uint64_t flags;
    uint64_t store[2];
    uint64_t console[2];
    uint64_t pt_base;
    uint64_t nr_pt_frames;
    uint64_t mfn_list;
    uint64_t mod_start;
    uint64_t mod_len;
    char cmd_line[1024];
};
