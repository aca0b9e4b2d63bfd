// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.program.NamedProfile;
import org.provisor.refine.xen.QemuXen;
import org.provisor.refine.xen.XenImage;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Which Xen is run, and by which QEMU.
final class XenOptions {

    @Option(
            names = "--xen",
            paramLabel = "FILE",
            description =
                    "The Xen to run, as its build makes it: xen or xen.gz (default: Debian's, from"
                            + " the package xen-hypervisor-4.17-amd64).")
    private @Nullable Path xen;

    @Option(
            names = "--qemu",
            paramLabel = "PROGRAM",
            split = ",",
            description =
                    "The QEMU that runs it (default: qemu-system-x86_64). Of several, separated by"
                            + " commas, the first runs all programs and the others those that"
                            + " differ.")
    private List<String> qemu = new ArrayList<>(USUAL);

    private static final List<String> USUAL = List.of("qemu-system-x86_64");

    /// Whether a Xen or a QEMU was asked for.
    boolean given() {
        return xen != null || !qemu.equals(USUAL);
    }

    /// Runs this Xen.
    void use(Path image) {
        xen = image;
    }

    /// How to start Xen in the usual profile, once for each QEMU.
    ///
    /// @throws BadInput if there is no Xen or no QEMU
    List<QemuXen.Setup> setups() {
        return setups(NamedProfile.XEN_4_17);
    }

    /// The same in any profile.
    List<QemuXen.Setup> setups(NamedProfile profile) {
        QemuXen.Setup one = QemuXen.Setup.of(image(xen)).withProfile(profile);
        List<QemuXen.Setup> all = new ArrayList<>();
        for (String program : qemu) {
            version(program);
            all.add(one.withQemu(program));
        }
        if (all.isEmpty()) {
            throw new BadInput("--qemu must name a program");
        }
        return all;
    }

    /// The file that holds Xen.
    ///
    /// @throws BadInput if there is none
    Path image() {
        return image(xen);
    }

    /// The Xen that is asked for, or Debian's.
    ///
    /// @throws BadInput if there is none
    static Path image(@Nullable Path asked) {
        Path file = asked;
        if (file == null) {
            file =
                    XenImage.INSTALLED.stream()
                            .filter(Files::isReadable)
                            .findFirst()
                            .orElseThrow(() ->
                                    new BadInput(
                                            "there is no Xen in "
                                                    + XenImage.INSTALLED.get(0)
                                                    + "; --xen FILE, or Debian: apt-get"
                                                    + " install --no-install-recommends"
                                                    + " xen-hypervisor-4.17-amd64"));
        }
        try {
            XenImage.check(file);
            return file;
        } catch (IOException e) {
            throw new BadInput("cannot read " + file);
        } catch (IllegalArgumentException e) {
            throw new BadInput(String.valueOf(e.getMessage()));
        }
    }

    /// What a QEMU says that it is.
    ///
    /// @throws BadInput if there is none
    static String version(String program) {
        try {
            Process process =
                    new ProcessBuilder(program, "--version").redirectErrorStream(true).start();
            byte[] said = process.getInputStream().readAllBytes();
            if (process.waitFor() == 0) {
                return new String(said, StandardCharsets.UTF_8).lines().findFirst().orElse("");
            }
        } catch (IOException e) {
            // As if it did not start.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new BadInput("cannot run " + program + "; Debian: apt-get install qemu-system-x86");
    }
}
