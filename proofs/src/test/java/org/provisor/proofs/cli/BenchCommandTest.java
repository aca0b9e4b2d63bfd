// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;

final class BenchCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir private Path directory = Path.of("");

    private int run(String... args) {
        CommandLine line = Provisor.commandLine();
        line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return Provisor.run(line, args);
    }

    @Test
    void measuresAloneAndWritesFigures() throws IOException {
        Path json = directory.resolve("figures.json");
        int code =
                run(
                        "bench",
                        "--only",
                        "chase-1",
                        "--repeat",
                        "1",
                        "--budget",
                        "1s",
                        "--json",
                        json.toString());
        assertEquals(ExitCode.FINE, code, err.toString());
        assertTrue(out.toString().startsWith("kernel             operation   "), out.toString());
        assertTrue(out.toString().lines().anyMatch(line -> line.startsWith("chase-128  ")));
        assertFalse(out.toString().contains("Xen, ns"), out.toString());
        JsonObject all = JsonParser.parseString(Files.readString(json)).getAsJsonObject();
        assertEquals(1, all.get("rounds").getAsInt());
        assertEquals(2, all.getAsJsonArray("kernels").size());
        JsonObject first = all.getAsJsonArray("kernels").get(0).getAsJsonObject();
        assertEquals("chase-128", first.get("name").getAsString());
        JsonObject ours = first.getAsJsonObject("ours");
        assertEquals(3, ours.getAsJsonArray("batches_ns").size());
        assertTrue(ours.get("median_ns").getAsDouble() > 0);
        assertFalse(first.has("ratio"));
    }

    @Test
    void saysWhatJudgingCosts() throws IOException {
        Path json = directory.resolve("checked.json");
        int code =
                run(
                        "bench",
                        "--check",
                        "full",
                        "--only",
                        "xen-version",
                        "--repeat",
                        "1",
                        "--budget",
                        "1s",
                        "--json",
                        json.toString());
        assertEquals(ExitCode.FINE, code, err.toString());
        assertTrue(out.toString().contains("  full, ns (middle half)   times  most"));
        JsonObject all = JsonParser.parseString(Files.readString(json)).getAsJsonObject();
        JsonObject first = all.getAsJsonArray("kernels").get(0).getAsJsonObject();
        double times =
                first.getAsJsonObject("full").get("median_ns").getAsDouble()
                        / first.getAsJsonObject("ours").get("median_ns").getAsDouble();
        assertEquals(times, first.get("times").getAsDouble(), 1e-9);
    }

    /// A program that ends at once in place of QEMU, and a file that looks like Xen.
    @Test
    void aPeerThatIsLostIsAFinding() throws IOException {
        Path xen = directory.resolve("xen");
        byte[] header = new byte[52];
        header[0] = 0x7F;
        header[1] = 'E';
        header[2] = 'L';
        header[3] = 'F';
        header[4] = 1;
        header[18] = 3;
        Files.write(xen, header);
        int code =
                run(
                        "bench",
                        "--peer",
                        "xen",
                        "--xen",
                        xen.toString(),
                        "--qemu",
                        "echo",
                        "--only",
                        "no-call",
                        "--repeat",
                        "1",
                        "--budget",
                        "1s");
        assertEquals(ExitCode.FINDING, code, err.toString());
        assertTrue(
                out.toString().startsWith("the guest of Xen is lost: EXITED: ended too early"),
                out.toString());
        assertTrue(out.toString().contains("\n  -accel tcg "), out.toString());
    }

    @Test
    void badInputIsOneLine() throws IOException {
        bad("--peer must be xen, not kvm", "--peer", "kvm");
        bad("--xen needs --peer xen", "--xen", "xen.gz");
        bad("--check must be full, exact, sampled or off, not some", "--check", "some");
        bad("--check and --peer are for one at a time", "--check", "full", "--peer", "xen");
        bad("--repeat must be 1 to 1000, not 0", "--repeat", "0");
        bad("--budget must be like 90s, 2m or 1h, not long", "--budget", "long");
        bad("--budget must be 1s or more, not 0s", "--budget", "0s");
        bad("--only x87: there is no such kernel; there are integer, ", "--only", "x87");
        bad("--json " + directory + " cannot be written", "--json", directory.toString());
        String nowhere = directory.resolve("no/figures.json").toString();
        bad("--json " + nowhere + " cannot be written", "--json", nowhere);
        bad(
                "cannot run no-such-qemu; Debian: apt-get install qemu-system-x86",
                "--peer",
                "xen",
                "--qemu",
                "no-such-qemu");
        bad("cannot read no-such-xen", "--peer", "xen", "--qemu", "echo", "--xen", "no-such-xen");
        Path text = directory.resolve("text");
        Files.writeString(text, "not Xen");
        bad(
                text + " is neither an ELF file nor one compressed",
                "--peer",
                "xen",
                "--qemu",
                "echo",
                "--xen",
                text.toString());
    }

    private void bad(String message, String... args) {
        err.getBuffer().setLength(0);
        String[] all = new String[args.length + 1];
        all[0] = "bench";
        System.arraycopy(args, 0, all, 1, args.length);
        assertEquals(ExitCode.BAD_INPUT, run(all), err.toString());
        assertTrue(err.toString().startsWith("provisor: " + message), err.toString());
        assertEquals(err.toString().length() - 1, err.toString().indexOf('\n'));
        assertEquals("", out.toString());
    }
}
