// SPDX-License-Identifier: Apache-2.0
// Where Xen enters the probe: its start, its traps; and instructions that may fault.

#include "layout.h"

#define NOTE(type, size, words)                                                                 \
    .pushsection .note.Xen, "a", @note;                                                         \
    .balign 4;                                                                                  \
    .long 4, size, type;                                                                        \
    .asciz "Xen";                                                                               \
    words;                                                                                      \
    .balign 4;                                                                                  \
    .popsection

// Types of notes: public/elfnote.h.
NOTE(1, 8, .quad start)                 // ENTRY
NOTE(3, 8, .quad VIRT_BASE)             // VIRT_BASE
NOTE(4, 8, .quad VIRT_BASE)             // PADDR_OFFSET: addresses in the file are linear ones
NOTE(5, 8, .asciz "xen-3.0")            // XEN_VERSION
NOTE(6, 9, .asciz "provisor")           // GUEST_OS
NOTE(7, 2, .asciz "1")                  // GUEST_VERSION
NOTE(8, 8, .asciz "generic")            // LOADER
NOTE(10, 1, .asciz "")                  // FEATURES
NOTE(13, 16, .quad 1; .quad 1)          // L1_MFN_VALID: any present entry

    .text
    .globl start
start:
    cld
    lea stack_end(%rip), %rsp
    xor %ebp, %ebp
    mov %rsi, %rdi
    call probe_main
0:  jmp 0b

// ---- Traps -----------------------------------------------------------------------------------
// Xen pushes: rcx r11 [error] rip cs rflags rsp ss. What faulted on purpose has said where to go on;
// anything else is reported and ends the probe.

.macro trap vector, has_error
    .balign 16
    movq $\vector, trap_vector(%rip)
.if \has_error
    jmp trap_with_error
.else
    jmp trap_without_error
.endif
.endm

    .balign 16
    .globl trap_entries
trap_entries:
    vector = 0
.rept 32
    .if (vector == 8) || (vector >= 10 && vector <= 14) || (vector == 17)
    trap vector, 1
    .else
    trap vector, 0
    .endif
    .balign 32
    vector = vector + 1
.endr

trap_without_error:
    mov %rax, trap_rax(%rip)
    movq $0, trap_error(%rip)
    mov 16(%rsp), %rax
    jmp trap_common

trap_with_error:
    mov %rax, trap_rax(%rip)
    mov 16(%rsp), %rax
    mov %rax, trap_error(%rip)
    mov 24(%rsp), %rax
trap_common:
    mov %rax, trap_rip(%rip)
    mov %cr2, %rax                      // Xen reads it for us
    mov %rax, trap_cr2(%rip)
    mov resume_rip(%rip), %rax
    test %rax, %rax
    jz 1f
    mov resume_rsp(%rip), %rsp
    movq $0, resume_rip(%rip)
    jmp *%rax
1:  lea stack_end(%rip), %rsp
    call probe_unexpected_trap
2:  jmp 2b

// Xen calls this where it could not load the segment registers that we had.
    .globl failsafe_entry
failsafe_entry:
    movq $TRAP_FAILSAFE, trap_vector(%rip)
    movq $0, trap_error(%rip)
    lea stack_end(%rip), %rsp
    call probe_unexpected_trap
3:  jmp 3b

// Events are masked for ever.
    .globl event_entry
event_entry:
    movq $TRAP_EVENT, trap_vector(%rip)
    movq $0, trap_error(%rip)
    lea stack_end(%rip), %rsp
    call probe_unexpected_trap
4:  jmp 4b

// ---- Instructions that may fault --------------------------------------------------------------
// Each leaves its own address in guarded_rip, and NO_TRAP in trap_vector if it went through.

.macro guard
    movq $NO_TRAP, trap_vector(%rip)
    lea 8f(%rip), %rax
    mov %rax, guarded_rip(%rip)
    lea 9f(%rip), %rax
    mov %rax, resume_rip(%rip)
    mov %rsp, resume_rsp(%rip)
.endm

.macro unguard
9:  movq $0, resume_rip(%rip)
    ret
.endm

    .globl write_8, write_16, write_32, write_64
write_8:
    guard
8:  movb %sil, (%rdi)
    unguard
write_16:
    guard
8:  movw %si, (%rdi)
    unguard
write_32:
    guard
8:  movl %esi, (%rdi)
    unguard
write_64:
    guard
8:  movq %rsi, (%rdi)
    unguard

// uint64_t exchange_n(address, value, expected): what was there; rdx != 0 if it was as expected
.macro compare_exchange_body instruction, value
    guard
    mov %rdx, %rax
    xor %edx, %edx
8:  lock \instruction \value, (%rdi)
    sete %dl
9:  movq $0, resume_rip(%rip)
    movzbl %dl, %edx
    mov %rdx, exchanged(%rip)
    ret
.endm

    .globl exchange_8, exchange_16, exchange_32, exchange_64
exchange_8:
    compare_exchange_body cmpxchgb, %sil
exchange_16:
    compare_exchange_body cmpxchgw, %si
exchange_32:
    compare_exchange_body cmpxchgl, %esi
exchange_64:
    compare_exchange_body cmpxchgq, %rsi

    .globl read_64
read_64:
    guard
    xor %eax, %eax
8:  movq (%rdi), %rax
    mov %rax, read_value(%rip)
    unguard

// Loads FS from a selector, then takes it away again.
    .globl load_segment
load_segment:
    guard
8:  movw %di, %fs
9:  movq $0, resume_rip(%rip)
    xor %eax, %eax
    movw %ax, %fs
    ret

    .section .bss
    .balign 8
    .globl trap_vector, trap_error, trap_rip, trap_cr2, guarded_rip, exchanged, read_value
trap_vector:    .skip 8
trap_error:     .skip 8
trap_rip:       .skip 8
trap_cr2:       .skip 8
trap_rax:       .skip 8
resume_rip:     .skip 8
resume_rsp:     .skip 8
guarded_rip:    .skip 8
exchanged:      .skip 8
read_value:     .skip 8
    .balign 4096
    .skip 16384
stack_end:

    .section .note.GNU-stack, "", @progbits
