// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import org.provisor.impl.abi.HypercallNumbers;
import org.provisor.impl.hypercall.Registers;
import org.provisor.impl.launch.GuestObserver;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// What stops a guest, as text: a line each, after how many instructions it was first.
final class GuestTrace implements GuestObserver, AutoCloseable {

    private final Path file;
    private final PrintWriter to;

    private GuestTrace(Path file, PrintWriter to) {
        this.file = file;
        this.to = to;
    }

    /// @throws BadInput if the file cannot be written
    static GuestTrace to(Path file) {
        try {
            BufferedWriter writer = Files.newBufferedWriter(file);
            return new GuestTrace(file, new PrintWriter(writer));
        } catch (IOException e) {
            throw new BadInput("--trace " + file + " cannot be written");
        }
    }

    private static String name(long number) {
        return number >= 0 && number < HypercallNumbers.END
                ? RunStatistics.name((int) number)
                : String.format(Locale.ROOT, "number 0x%x", number);
    }

    @Override
    public void called(
            long instructions, long number, long[] arguments, long rip, Registers after) {
        to.printf(
                Locale.ROOT,
                "%,17d %s(0x%x, 0x%x, 0x%x, 0x%x, 0x%x) %s%n",
                instructions,
                name(number),
                arguments[0],
                arguments[1],
                arguments[2],
                arguments[3],
                arguments[4],
                after.rip == rip ? "= " + result(after.rax) : "goes on later");
    }

    private static String result(long rax) {
        return Math.abs(rax) < 1 << 12 ? Long.toString(rax) : "0x" + Long.toHexString(rax);
    }

    @Override
    public void left(long instructions, long number) {
        to.printf(Locale.ROOT, "%,17d %s%n", instructions, name(number));
    }

    @Override
    public void excepted(long instructions, int vector, long rip) {
        to.printf(
                Locale.ROOT,
                "%,17d %s at 0x%x%n",
                instructions,
                RunStatistics.exception(vector),
                rip);
    }

    /// Nothing more is to be written.
    ///
    /// @throws BadInput if not all of it could be
    void end() {
        if (to.checkError()) {
            throw new BadInput("--trace " + file + " could not be written to its end");
        }
    }

    @Override
    public void close() {
        to.close();
    }
}
