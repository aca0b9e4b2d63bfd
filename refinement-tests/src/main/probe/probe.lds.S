/* SPDX-License-Identifier: Apache-2.0 */
#include "layout.h"

OUTPUT_FORMAT("elf64-x86-64")
ENTRY(start)

PHDRS
{
    all PT_LOAD FLAGS(7);
    notes PT_NOTE FLAGS(4);
}

SECTIONS
{
    . = VIRT_BASE + 0x1000;
    .text : { entry.o(.text) *(.text .text.*) } :all
    .rodata : { *(.rodata .rodata.*) } :all
    .note.Xen : { KEEP(*(.note.Xen)) } :all :notes
    .data : { *(.data .data.*) } :all
    .bss : { *(.bss .bss.*) *(COMMON) } :all
    probe_end = .;
    . = CALL_MEMORY;
    .call : { . += 0x3000; } :all
    . = MAILBOX;
    .mailbox : { *(.mailbox) } :all
    . = SHARED_INFO;
    .shared : { . += 0x1000; } :all
    /DISCARD/ : { *(.comment) *(.eh_frame) *(.note.GNU-stack) *(.note.gnu.*) }
}
