// SPDX-License-Identifier: Apache-2.0
// Where Xen enters the kernel: its start, its page faults, system calls of user mode.

#define HYPERCALL_PAGE hypercall_page
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

    .balign 4096
    .globl hypercall_page
hypercall_page:
    .skip 4096

// uint64_t call4(number, a, b, c, d)
    .globl call4
call4:
    mov %rdi, %rax
    shl $5, %rax
    add $hypercall_page, %rax
    mov %rsi, %rdi
    mov %rdx, %rsi
    mov %rcx, %rdx
    mov %r8, %r10
    jmp *%rax

// Xen pushes: rcx r11 error rip cs rflags rsp ss. Goes on behind the instruction of 3 bytes that
// faulted.
    .globl page_fault_entry
page_fault_entry:
    mov %cr2, %rax
    mov %rax, fault_address(%rip)
    mov 16(%rsp), %rax
    mov %rax, fault_error(%rip)
    pop %rcx
    pop %r11
    add $8, %rsp
    addq $3, (%rsp)
    // Back to the kernel, without a call.
    mov (%rsp), %rax
    mov 24(%rsp), %rsp
    jmp *%rax

// uint64_t read_3(address): an instruction of 3 bytes reads there
    .globl read_3
read_3:
    mov (%rdi), %rax
    ret

// Xen pushes: rcx r11 rip cs rflags rsp ss.
    .globl syscall_entry
syscall_entry:
    mov %rax, user_rax(%rip)
    call from_user

// void to_user(entry, stack): does not come back
    .globl to_user
to_user:
    mov %rsi, %rdx
    push $0xe02b                        // ss
    push %rdx                           // rsp
    push $0x202                         // rflags
    push $0xe033                        // cs
    push %rdi                           // rip
    push $0                             // flags
    push $0                             // rcx
    push $0                             // r11
    push $0                             // rax
    mov $23, %eax
    syscall
1:  jmp 1b

    .globl user_code
user_code:
    mov $0x1234, %eax
    syscall
2:  jmp 2b

    .section .bss
    .balign 4096
    .globl stack_end, fault_address, fault_error, user_rax
    .skip 16384
stack_end:
fault_address:  .skip 8
fault_error:    .skip 8
user_rax:       .skip 8

    .section .note.GNU-stack, "", @progbits
