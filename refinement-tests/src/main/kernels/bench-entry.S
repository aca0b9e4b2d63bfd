// SPDX-License-Identifier: Apache-2.0
// Where Xen enters the benchmark kernel, and what it measures that a compiler would write anew.

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

// ---- Traps -------------------------------------------------------------------------------------
// Xen pushes: rcx r11 [error] rip cs rflags rsp ss.

.macro trap vector, error
    .balign 32
    .if \vector == 6
    jmp invalid_opcode
    .elseif \vector == 14
    jmp page_fault
    .else
    movq $\vector, trap_vector(%rip)
    mov $(16 + 8 * \error), %ecx
    jmp other_trap
    .endif
.endm

    .balign 32
    .globl trap_entries
trap_entries:
    vector = 0
.rept 32
    .if (vector == 8) || (vector >= 10 && vector <= 14) || (vector == 17)
    trap vector, 1
    .else
    trap vector, 0
    .endif
    vector = vector + 1
.endr

// Back to where RIP says, which is on top of the stack.
.macro return_from_trap
    pushq $0                            // flags
    push %rcx
    push %r11
    push %rax
    mov $23, %eax
    syscall
.endm

// Goes on behind the instruction of 3 bytes that was to fault.
page_fault:
    lea faulting(%rip), %rcx
    cmp %rcx, 24(%rsp)
    jne 1f
    addq $3, 24(%rsp)
    incq faults(%rip)
    pop %rcx
    pop %r11
    add $8, %rsp
    return_from_trap
1:  movq $14, trap_vector(%rip)
    mov $24, %ecx
    jmp other_trap

// Goes on behind the instruction of 2 bytes that is none, or where the one that was tried says.
invalid_opcode:
    lea invalid(%rip), %rcx
    cmp %rcx, 16(%rsp)
    jne 1f
    addq $2, 16(%rsp)
    incq faults(%rip)
    pop %rcx
    pop %r11
    return_from_trap
1:  lea tried(%rip), %rcx
    cmp %rcx, 16(%rsp)
    jne 2f
    lea not_there(%rip), %rcx
    mov %rcx, 16(%rsp)
    pop %rcx
    pop %r11
    return_from_trap
2:  movq $6, trap_vector(%rip)
    mov $16, %ecx

// RIP is so far up the stack.
other_trap:
    mov (%rsp,%rcx), %rax
    mov %rax, trap_rip(%rip)
    mov 16(%rsp), %rax
    mov %rax, trap_error(%rip)
    mov $stack_end, %rsp
    call unexpected
0:  jmp 0b

// ---- Entering Xen ------------------------------------------------------------------------------

#define CALLS 64

// void fault_many(address): page faults there
    .globl fault_many
fault_many:
    push %rbx
    mov $CALLS, %ebx
faulting:
    mov (%rdi), %rax
    dec %ebx
    jnz faulting
    pop %rbx
    ret

    .globl invalid_many
invalid_many:
    push %rbx
    mov $CALLS, %ebx
invalid:
    ud2
    dec %ebx
    jnz invalid
    pop %rbx
    ret

// void user_many(entry, stack): user mode, until it makes system call 2
    .globl user_many
user_many:
    push %rbx
    push %rbp
    push %r12
    push %r13
    push %r14
    push %r15
    mov %rsp, kernel_rsp(%rip)
    push $0xe02b                        // ss
    push %rsi                           // rsp
    push $0x2                           // rflags: events stay masked
    push $0xe033                        // cs
    push %rdi                           // rip
    return_from_trap

// Xen pushes: rcx r11 rip cs rflags rsp ss.
    .globl syscall_entry
syscall_entry:
    cmp $2, %eax
    je 1f
    incq user_calls(%rip)
    pop %rcx
    pop %r11
    push $0x100                         // flags: the end of a system call
    push %rcx
    push %r11
    push %rax
    mov $23, %eax
    syscall
1:  mov kernel_rsp(%rip), %rsp
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbp
    pop %rbx
    ret

    .globl user_code
user_code:
    mov $CALLS, %ebx
2:  mov $1, %eax
    syscall
    dec %ebx
    jnz 2b
    mov $2, %eax
    syscall
    ud2

// ---- Instructions ------------------------------------------------------------------------------

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

// void load_store(from, to): 256 times 8 instructions, two of which load and two store
    .globl load_store
load_store:
    mov $510, %ecx
    .balign 16
1:  mov (%rdi,%rcx,8), %rax
    add %rcx, %rax
    mov %rax, (%rsi,%rcx,8)
    mov 8(%rdi,%rcx,8), %rdx
    xor %rax, %rdx
    mov %rdx, 8(%rsi,%rcx,8)
    sub $2, %rcx
    jns 1b
    ret

// void copy_words(from, to, words)
    .globl copy_words
copy_words:
    .balign 16
1:  mov -8(%rdi,%rdx,8), %rax
    mov %rax, -8(%rsi,%rdx,8)
    dec %rdx
    jnz 1b
    ret

// void repeat_bytes(from, to, bytes)
    .globl repeat_bytes
repeat_bytes:
    mov %rdx, %rcx
    xchg %rsi, %rdi
    rep movsb
    ret

// void repeat_words(from, to, words)
    .globl repeat_words
repeat_words:
    mov %rdx, %rcx
    xchg %rsi, %rdi
    rep movsq
    ret

// uint64_t chase(node, loads): each node says where the next one is
    .globl chase
chase:
    mov %rdi, %rax
    .balign 16
1:  mov (%rax), %rax
    dec %rsi
    jnz 1b
    ret

// uint64_t calls_unit(void): the 20th Fibonacci number, by 21,891 calls
    .globl calls_unit
calls_unit:
    mov $20, %edi
fibonacci:
    cmp $2, %edi
    jae 1f
    mov %edi, %eax
    ret
1:  push %rdi
    dec %edi
    call fibonacci
    pop %rdi
    push %rax
    sub $2, %edi
    call fibonacci
    pop %rdx
    add %rdx, %rax
    ret

// ---- SSE2 --------------------------------------------------------------------------------------

// uint64_t has_sse(void): 0 if its instructions are invalid
    .globl has_sse
has_sse:
    mov $1, %eax
tried:
    xorps %xmm0, %xmm0
    ret
not_there:
    xor %eax, %eax
    ret

// uint64_t sse_double_unit(void): 1000 times 8 instructions, two chains of two numbers each
    .globl sse_double_unit
sse_double_unit:
    movapd one_and_two(%rip), %xmm0
    movapd one_and_two(%rip), %xmm1
    movapd factors(%rip), %xmm2
    movapd summands(%rip), %xmm3
    mov $1000, %ecx
    .balign 16
1:  mulpd %xmm2, %xmm0
    addpd %xmm3, %xmm0
    mulpd %xmm2, %xmm1
    subpd %xmm3, %xmm1
    addpd %xmm0, %xmm1
    mulpd %xmm2, %xmm0
    dec %ecx
    jnz 1b
    xorpd %xmm1, %xmm0
fold_halves:
    movapd %xmm0, %xmm1
    psrldq $8, %xmm1
    movq %xmm0, %rax
    movq %xmm1, %rdx
    rol $1, %rdx
    xor %rdx, %rax
    ret

// uint64_t sse_integer_unit(void): 1000 times 8 instructions
    .globl sse_integer_unit
sse_integer_unit:
    movdqa one_and_two(%rip), %xmm0
    movdqa factors(%rip), %xmm2
    mov $1000, %ecx
    .balign 16
1:  paddq %xmm2, %xmm0
    movdqa %xmm0, %xmm1
    psrlq $7, %xmm1
    pxor %xmm1, %xmm0
    paddd %xmm2, %xmm0
    pshufd $0x93, %xmm0, %xmm0
    dec %ecx
    jnz 1b
    jmp fold_halves

    .section .rodata
    .balign 16
one_and_two:    .double 1.0, 2.0
factors:        .double 0.9990234375, 0.998046875
summands:       .double 0.3, 0.7

    .section .bss
    .balign 4096
    .globl stack_end, trap_vector, trap_error, trap_rip, faults, user_calls
    .skip 16384
stack_end:
trap_vector:    .skip 8
trap_error:     .skip 8
trap_rip:       .skip 8
faults:         .skip 8
user_calls:     .skip 8
kernel_rsp:     .skip 8

    .section .note.GNU-stack, "", @progbits
