// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.xen;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The real Xen that tests run, where there is one and QEMU to run it: Debian's, or what the
/// environment variable `PROVISOR_XEN` names.
public final class InstalledXen {

    private InstalledXen() {}

    /// Skips the test where there is none.
    public static QemuXen.Setup setup() throws InterruptedException {
        assumeTrue(hasQemu(), "there is no QEMU: apt-get install qemu-system-x86");
        List<Path> places = new ArrayList<>(XenImage.INSTALLED);
        String named = System.getenv("PROVISOR_XEN");
        if (named != null) {
            places.add(0, Path.of(named));
        }
        for (Path place : places) {
            if (Files.isReadable(place)) {
                return QemuXen.Setup.of(place);
            }
        }
        return abort("there is no Xen: apt-get install xen-hypervisor-4.17-amd64");
    }

    private static boolean hasQemu() throws InterruptedException {
        try {
            Process process =
                    new ProcessBuilder("qemu-system-x86_64", "--version")
                            .redirectErrorStream(true)
                            .start();
            process.getInputStream().readAllBytes();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
