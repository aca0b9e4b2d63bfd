// SPDX-License-Identifier: Apache-2.0
// What each kernel says of itself to whoever builds its domain. Types of notes: public/elfnote.h.

#define NOTE(type, size, words)                                                                 \
    .pushsection .note.Xen, "a", @note;                                                         \
    .balign 4;                                                                                  \
    .long 4, size, type;                                                                        \
    .asciz "Xen";                                                                               \
    words;                                                                                      \
    .balign 4;                                                                                  \
    .popsection

NOTE(1, 8, .quad start)                 // ENTRY
#ifdef HYPERCALL_PAGE
NOTE(2, 8, .quad HYPERCALL_PAGE)        // HYPERCALL_PAGE
#endif
NOTE(3, 8, .quad 0xffffffff80000000)    // VIRT_BASE
NOTE(5, 8, .asciz "xen-3.0")            // XEN_VERSION
NOTE(6, 9, .asciz "provisor")           // GUEST_OS
NOTE(8, 8, .asciz "generic")            // LOADER
