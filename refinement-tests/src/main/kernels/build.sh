#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds the kernels: build.sh DIRECTORY leaves hello.elf, bench.elf, segments.elf, hostile.elf and
# together.elf there. Needs gcc and binutils; the same ones make the same bytes, whatever the directory.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
out=$1
cc=${CC:-gcc}
flags="-std=gnu11 -O2 -Wall -Wextra -Werror -ffreestanding -nostdlib -fno-stack-protector
    -fcf-protection=none -fno-asynchronous-unwind-tables -fno-unwind-tables -fno-ident
    -fno-pie -mcmodel=kernel -fno-jump-tables -fno-tree-loop-distribute-patterns -mno-red-zone
    -mgeneral-regs-only -fno-record-gcc-switches -g0"
mkdir -p "$out"

# kernel NAME ENTRY: what NAME.c and ENTRY.S make.
kernel() {
    cd "$here"
    $cc $flags -c "$1.c" -o "$out/$1.o"
    $cc $flags -c "$2.S" -o "$out/start.o"
    cp kernel.lds "$out/kernel.lds"
    cd "$out"
    ld -nostdlib -static --no-warn-rwx-segments -no-pie -z max-page-size=4096 -z noseparate-code \
        --build-id=none --strip-all -T kernel.lds start.o "$1.o" -o "$1.elf"
    rm -f "$1.o" start.o kernel.lds
}

kernel hello start
kernel bench bench-entry
kernel segments segments-entry
kernel hostile hostile-entry
kernel together together-entry
