// SPDX-License-Identifier: Apache-2.0
// Where Xen enters the kernel of several vCPUs: its start, on the first of them.

#include "notes.h"

    .text
    .globl start
start:
    cld
    mov $stack_end, %rsp
    xor %ebp, %ebp
    mov %rsi, %rdi
    call kernel_main
0:  jmp 0b

// The other vCPUs start here, with their number in RDI and a stack of their own.
    .globl start_other
start_other:
    cld
    xor %ebp, %ebp
    call other_main
0:  jmp 0b

// uint64_t call4(number, a, b, c, d)
    .globl call4
call4:
    mov %rdi, %rax
    mov %rsi, %rdi
    mov %rdx, %rsi
    mov %rcx, %rdx
    mov %r8, %r10
    syscall
    ret

// uint64_t integer_unit(void): 1000 times 8 instructions, each of which waits for the one before
    .globl integer_unit
integer_unit:
    movabs $0x0123456789abcdef, %rax
    mov $1000, %ecx
    .balign 16
1:  add $0x1234567, %rax
    mov %rax, %rdx
    shr $7, %rdx
    xor %rdx, %rax
    lea (%rax,%rax,4), %rax
    rol $13, %rax
    dec %ecx
    jnz 1b
    ret

// Code that changes, on a page of its own: says how often it was changed.
    .balign 4096
    .globl changing
changing:
    .skip 3, 0x90
    .byte 0xb8                          // mov $imm32, %eax, the number at an address that 4 divides
    .globl changing_number
changing_number:
    .long 0
    ret
    .balign 4096

    .section .bss
    .balign 4096
    .globl stack_end
    .skip 16384
stack_end:

    .section .note.GNU-stack, "", @progbits
