#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds the kernels: build.sh DIRECTORY leaves DIRECTORY/hello.elf there. Needs gcc and binutils;
# the same ones make the same bytes, whatever the directory.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
out=$1
cc=${CC:-gcc}
flags="-std=gnu11 -O2 -Wall -Wextra -Werror -ffreestanding -nostdlib -fno-stack-protector
    -fcf-protection=none -fno-asynchronous-unwind-tables -fno-unwind-tables -fno-ident
    -fno-pie -mcmodel=kernel -fno-jump-tables -fno-tree-loop-distribute-patterns -mno-red-zone
    -mgeneral-regs-only -fno-record-gcc-switches -g0"
mkdir -p "$out"
cd "$here"
$cc $flags -c hello.c -o "$out/hello.o"
$cc $flags -c start.S -o "$out/start.o"
cp kernel.lds "$out/kernel.lds"
cd "$out"
ld -nostdlib -static --no-warn-rwx-segments -no-pie -z max-page-size=4096 -z noseparate-code \
    --build-id=none --strip-all -T kernel.lds start.o hello.o -o hello.elf
rm -f hello.o start.o kernel.lds
