// SPDX-License-Identifier: Apache-2.0
// Where Xen enters the kernel that looks at segments: its start, and its exceptions, of which it
// takes down what it was given.

#define HYPERCALL_PAGE hypercall_page
#include "notes.h"

    .text
    .globl start
start:
    mov %cs, at_start
    mov %ss, at_start + 2
    mov %ds, at_start + 4
    mov %es, at_start + 6
    mov %fs, at_start + 8
    mov %gs, at_start + 10
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

// Xen pushes: rcx r11 [error] rip cs rflags rsp ss. Behind the exceptions there is the entry of
// system calls.
    .altmacro
    .macro entry vector
    .balign 32
    pop %rcx
    pop %r11
    .if (\vector != 8) && ((\vector < 10) || (\vector > 14)) && (\vector != 17)
    push $0
    .endif
    push $\vector
    jmp caught_entry
    .endm

    .globl entries
    .balign 32
entries:
    .set number, 0
    .rept 21
    entry %number
    .set number, number + 1
    .endr

// On the stack: vector error rip cs rflags rsp ss.
caught_entry:
    push %rax
    push %rcx
    push %rdx
    push %rsi
    push %rdi
    push %r8
    push %r9
    push %r10
    push %r11
    lea 72(%rsp), %rdi
    call caught
    pop %r11
    pop %r10
    pop %r9
    pop %r8
    pop %rdi
    pop %rsi
    pop %rdx
    pop %rcx
    pop %rax
    add $16, %rsp
    push $0
    push %rcx
    push %r11
    push %rax
    mov $23, %eax
    syscall
1:  jmp 1b

// What user mode does.
    .globl user_undefined, user_call, user_far, user_port, user_flag
user_undefined:
    ud2
user_call:
    syscall
user_far:
    rex64 lcall *far_pointer
user_port:
    mov $0x2f0, %edx
    in %dx, %al
    ud2
user_flag:
    cli
    ud2
far_pointer:
    .quad 0
    .short 0x1007

    .section .bss
    .balign 4096
    .globl at_start
    .skip 16384
stack_end:
at_start:   .skip 16

    .section .note.GNU-stack, "", @progbits
