// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Evaluates C expressions by compiling a table of them and reading the assembly. Nothing is linked
/// or run, so that a 32-bit C library is not needed.
final class CCompiler {

    private static final String INCLUDES =
            """
            #include <stddef.h>
            #include <stdint.h>
            #include <xen/xen.h>
            #include <xen/memory.h>
            /* Guests of old see another number for sysenter. */
            #undef __XEN_INTERFACE_VERSION__
            #define __XEN_INTERFACE_VERSION__ __XEN_LATEST_INTERFACE_VERSION__
            #include <xen/callback.h>
            #include <xen/vcpu.h>
            #include <xen/arch-x86/xen-mca.h>
            #include <xen/arch-x86/hvm/start_info.h>
            #include <asm/bootparam.h>
            /* The numbers that the header hides from guests as well. */
            #define XEN_ERRNO(name, value) XEN_##name = value,
            #define __XEN__ 1
            enum {
            #include <xen/errno.h>
            };
            #undef __XEN__
            """;

    private CCompiler() {}

    /// What is missing on this machine, as the command that installs it.
    static Optional<String> missing() {
        try {
            for (var bitness : Bitness.values()) {
                evaluate("", List.of("DOMID_SELF"), bitness);
            }
            return Optional.empty();
        } catch (IOException | CompileException e) {
            return Optional.of("to run: apt-get install gcc libxen-dev linux-libc-dev");
        }
    }

    /// The values of the expressions, with `definitions` after the includes.
    static List<Long> evaluate(String definitions, List<String> expressions, Bitness bitness)
            throws IOException {
        var c = new StringBuilder(INCLUDES).append(definitions);
        c.append("const unsigned int table[] = {\n");
        for (var expression : expressions) {
            var value = "(unsigned long long)(" + expression + ")";
            c.append("(unsigned int)(").append(value).append("), ");
            c.append("(unsigned int)(").append(value).append(" >> 32),\n");
        }
        c.append("};\n");
        var words = words(compile(c.toString(), bitness, List.of("-S")));
        if (words.size() != 2 * expressions.size()) {
            throw new AssertionError(words.size() + " words for " + expressions.size() + " values");
        }
        var values = new ArrayList<Long>();
        for (int i = 0; i < words.size(); i += 2) {
            values.add(words.get(i) | (words.get(i + 1) << 32));
        }
        return values;
    }

    /// The names of all macros that the headers define.
    static List<String> macros(Bitness bitness) throws IOException {
        return compile(INCLUDES, bitness, List.of("-E", "-dM"))
                .lines()
                .filter(line -> line.startsWith("#define "))
                .map(line -> line.split("[ (]", 3)[1])
                .sorted()
                .toList();
    }

    private static String compile(String source, Bitness bitness, List<String> mode)
            throws IOException {
        var folder = Files.createTempDirectory("xen-headers");
        var file = folder.resolve("table.c");
        var log = folder.resolve("log");
        var output = folder.resolve("output");
        try {
            Files.writeString(file, source);
            var command = new ArrayList<>(mode);
            command.addAll(
                    0,
                    List.of(
                            "gcc",
                            bitness == Bitness.BITS_64 ? "-m64" : "-m32",
                            "-std=gnu11",
                            "-ffreestanding",
                            // Without it a guest gets the interface of 2005, and no tools'
                            // commands.
                            "-D__XEN_TOOLS__",
                            // For asm/bootparam.h, which is the same for both.
                            "-idirafter",
                            "/usr/include/x86_64-linux-gnu"));
            command.addAll(List.of("-o", output.toString(), file.toString()));
            var process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start();
            if (waitFor(process) != 0) {
                throw new CompileException(Files.readString(log, StandardCharsets.UTF_8));
            }
            return Files.readString(output);
        } finally {
            for (Path path : List.of(file, log, output, folder)) {
                Files.deleteIfExists(path);
            }
        }
    }

    private static int waitFor(Process process) {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// The 32-bit words after the label of the table.
    private static List<Long> words(String assembly) {
        var words = new ArrayList<Long>();
        var inside = false;
        for (var line : assembly.lines().map(String::strip).toList()) {
            if (line.equals("table:")) {
                inside = true;
            } else if (inside && line.startsWith(".long")) {
                words.add(Long.parseLong(line.substring(5).strip()) & 0xFFFF_FFFFL);
            } else if (inside && line.startsWith(".zero")) {
                for (int i = Integer.parseInt(line.substring(5).strip()); i > 0; i -= 4) {
                    words.add(0L);
                }
            } else if (inside) {
                return words;
            }
        }
        return words;
    }

    /// The compiler did not accept the table.
    static final class CompileException extends RuntimeException {
        private static final long serialVersionUID = 1;

        CompileException(String log) {
            super(log);
        }
    }
}
