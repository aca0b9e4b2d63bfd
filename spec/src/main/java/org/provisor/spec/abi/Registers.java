// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

/// The registers of a guest that makes a call, or that a call came back to.
///
/// | guest  | number | `arg1` | `arg2` | `arg3` | `arg4` | `arg5` | `arg6` | result |
/// |--------|--------|--------|--------|--------|--------|--------|--------|--------|
/// | 64-bit | `rax`  | `rdi`  | `rsi`  | `rdx`  | `r10`  | `r8`   | `r9`   | `rax`  |
/// | 32-bit | `eax`  | `ebx`  | `ecx`  | `edx`  | `esi`  | `edi`  | `ebp`  | `eax`  |
///
/// No call uses the sixth argument. The registers of a 32-bit guest have 32 bits: whatever is put
/// into them is cut.
///
/// @xen xen/arch/x86/pv/hypercall.c, _pv_hypercall
/// @xen xen/arch/x86/hypercall.c, hypercall_create_continuation
public record Registers(
        Bitness bitness,
        long rax,
        long arg1,
        long arg2,
        long arg3,
        long arg4,
        long arg5,
        long arg6) {

    public Registers {
        rax = bitness.truncate(rax);
        arg1 = bitness.truncate(arg1);
        arg2 = bitness.truncate(arg2);
        arg3 = bitness.truncate(arg3);
        arg4 = bitness.truncate(arg4);
        arg5 = bitness.truncate(arg5);
        arg6 = bitness.truncate(arg6);
    }

    /// All registers zero.
    public static Registers zero(Bitness bitness) {
        return new Registers(bitness, 0, 0, 0, 0, 0, 0, 0);
    }

    /// A register that carries an argument, 1 to 6.
    public long arg(int n) {
        return switch (n) {
            case 1 -> arg1;
            case 2 -> arg2;
            case 3 -> arg3;
            case 4 -> arg4;
            case 5 -> arg5;
            case 6 -> arg6;
            default -> throw new IllegalArgumentException("argument " + n);
        };
    }

    /// The same registers with another number or result in `rax`.
    public Registers withRax(long value) {
        return new Registers(bitness, value, arg1, arg2, arg3, arg4, arg5, arg6);
    }

    /// The same registers with one argument, 1 to 6, replaced.
    public Registers withArg(int n, long value) {
        if (n < 1 || n > 6) {
            throw new IllegalArgumentException("argument " + n);
        }
        return new Registers(
                bitness,
                rax,
                n == 1 ? value : arg1,
                n == 2 ? value : arg2,
                n == 3 ? value : arg3,
                n == 4 ? value : arg4,
                n == 5 ? value : arg5,
                n == 6 ? value : arg6);
    }

    @Override
    public String toString() {
        var text = new StringBuilder("rax=").append(Long.toHexString(rax));
        for (int n = 1; n <= 6; n++) {
            text.append(" arg").append(n).append('=').append(Long.toHexString(arg(n)));
        }
        return text.toString();
    }
}
