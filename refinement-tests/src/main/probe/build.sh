#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds the probe: build.sh DIRECTORY leaves DIRECTORY/probe.elf there. Needs gcc and binutils; the
# same ones make the same bytes, whatever the directory.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
out=$1
cc=${CC:-gcc}
flags="-std=gnu11 -O2 -Wall -Wextra -Werror -ffreestanding -nostdlib -fno-stack-protector
    -fcf-protection=none -fno-asynchronous-unwind-tables -fno-unwind-tables -fno-ident
    -fpie -fno-jump-tables -fno-tree-loop-distribute-patterns -mno-red-zone -mgeneral-regs-only
    -fno-record-gcc-switches -g0"
mkdir -p "$out"
cd "$here"
$cc $flags -c probe.c -o "$out/probe.o"
$cc $flags -c entry.S -o "$out/entry.o"
$cc $flags -E -P -x c probe.lds.S -o "$out/probe.lds"
cd "$out"
ld -nostdlib -static --no-warn-rwx-segments -no-pie -z max-page-size=4096 -z noseparate-code --build-id=none \
    --strip-all -T probe.lds entry.o probe.o -o probe.elf
rm -f probe.o entry.o probe.lds
