// SPDX-License-Identifier: Apache-2.0
// Where Xen enters the kernel that is up to no good: whatever happens, it goes on with something
// else.

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

// Every exception, system call and failed return comes here; what was done is forgotten.
    .globl again
again:
    cld
    mov $stack_end, %rsp
    call mischief
0:  jmp 0b

// uint64_t call5(number, a, b, c, d, e)
    .globl call5
call5:
    mov %rdi, %rax
    mov %rsi, %rdi
    mov %rdx, %rsi
    mov %rcx, %rdx
    mov %r8, %r10
    mov %r9, %r8
    syscall
    ret

// uint64_t call_code(address): code that mostly comes back
    .globl call_code
call_code:
    push %rbx
    push %rbp
    mov $64, %ecx
    call *%rdi
    pop %rbp
    pop %rbx
    ret

    .macro load_registers
    mov registers + 8, %rcx
    mov registers + 16, %rdx
    mov registers + 24, %rbx
    mov registers + 40, %rbp
    mov registers + 48, %rsi
    mov registers + 56, %rdi
    mov registers + 64, %r8
    mov registers + 72, %r9
    mov registers + 80, %r10
    mov registers + 88, %r11
    mov registers + 96, %r12
    mov registers + 104, %r13
    mov registers + 112, %r14
    mov registers + 120, %r15
    .endm

// void in_kernel(void), void in_user(void): at jump_to, with these registers; do not come back
    .globl in_kernel, in_user
in_kernel:
    load_registers
    mov registers + 32, %rsp
    mov registers, %rax
    jmp *jump_to

in_user:
    load_registers
    push $0xe02b                        // ss
    push registers + 32                 // rsp
    push $0x202                         // rflags
    push $0xe033                        // cs
    push jump_to                        // rip
    push $0                             // flags
    push registers + 8                  // rcx
    push registers + 88                 // r11
    push registers                      // rax
    mov $23, %eax
    syscall
1:  jmp 1b

    .section .bss
    .balign 4096
    .globl stack_end, registers, jump_to
    .skip 16384
stack_end:
    .skip 4096
registers:  .skip 128
jump_to:    .skip 8

    .section .note.GNU-stack, "", @progbits
