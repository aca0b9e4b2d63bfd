// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.activity;

import org.provisor.impl.build.BadImageException;
import org.provisor.impl.build.PvKernel;
import org.provisor.impl.launch.Clock;
import org.provisor.impl.launch.Ending;
import org.provisor.impl.launch.PvMachine;
import org.provisor.proofs.activity.Result.Case;
import org.provisor.refine.xen.QemuXen;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/// A kernel that judges what it sees runs on the implementation.
final class GuestKernels implements Activity {

    private static final String RESOURCE = "/org/provisor/refine/kernels/hello.elf";

    private static final String KERNEL = "refinement-tests/src/main/resources" + RESOURCE;

    /// What it says of each thing that it tries, if all is as it should be.
    private static final String RIGHT = ": right";

    private static final String FIRST = "hello";

    private static final long PAGES = 2048;
    private static final long INSTRUCTIONS = 50_000_000;

    private final long instructions;

    GuestKernels() {
        this(INSTRUCTIONS);
    }

    /// @param instructions after which a kernel is ended
    GuestKernels(long instructions) {
        this.instructions = instructions;
    }

    @Override
    public String name() {
        return "guests";
    }

    @Override
    public String claim() {
        return "A paravirtual kernel runs on the implementation, finds what it tries as Xen has it,"
                + " and powers off.";
    }

    @Override
    public Scope scope() {
        return Scope.USUAL;
    }

    @Override
    public String command(Settings settings) {
        return "run --memory 8M " + KERNEL;
    }

    @Override
    public Result run(Settings settings, Consumer<String> progress) {
        ByteArrayOutputStream console = new ByteArrayOutputStream();
        Ending ending;
        try (PvMachine machine =
                PvMachine.start(
                        new PvKernel(kernel()),
                        new byte[0],
                        "",
                        PAGES,
                        (bytes, count) -> console.write(bytes, 0, count),
                        Clock.ofInstructions())) {
            ending = machine.run(instructions);
        } catch (BadImageException e) {
            throw new IllegalStateException(e);
        }
        List<String> lines = console.toString(StandardCharsets.UTF_8).lines().toList();
        List<Case> cases = new ArrayList<>();
        boolean off = ending.kind() == Ending.Kind.SHUTDOWN && ending.reason() == Ending.POWEROFF;
        cases.add(new Case("it powers off", off, off ? "" : ending.text()));
        cases.add(new Case("it says hello", lines.contains(FIRST), String.join("\n", lines)));
        int tried = 0;
        for (String line : lines) {
            if (line.contains(": ")) {
                tried++;
                cases.add(new Case(line.replaceFirst(": .*", ""), line.endsWith(RIGHT), line));
            }
        }
        cases.add(new Case("it tries something", tried > 0, String.join("\n", lines)));
        return Result.of(
                this,
                "hello.elf: " + tried + " things tried; " + ending.text(),
                Map.of("tried", tried, "console", lines),
                cases);
    }

    private static byte[] kernel() {
        try (InputStream in = QemuXen.class.getResourceAsStream(RESOURCE)) {
            return Objects.requireNonNull(in).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
