// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;

import org.jspecify.annotations.Nullable;
import org.provisor.proofs.book.Book;
import org.provisor.proofs.seeded.SeededException;
import org.provisor.proofs.seeded.SourceTree;
import org.provisor.proofs.seeded.Target;
import org.provisor.proofs.stepping.StepperScript;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/// The command `provisor book`.
@Command(
        name = "book",
        description = {
            "Writes the book that an auditor reads: the specification in reading order, a page a"
                + " clause, with its table, its source with linked names, what it cites, its worked"
                + " examples, and what checks it. The pages need no server and no network."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            ExitCode.FINE + ":the book is written",
            ExitCode.BAD_INPUT + ":bad input",
            ExitCode.FAULT + ":could not finish, through a fault that is not yours"
        })
final class BookCommand implements Callable<Integer> {

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Where the book goes; an older one there is replaced (default:"
                            + " ${DEFAULT-VALUE}).")
    private Path out = Path.of("book");

    @Option(
            names = "--evidence",
            paramLabel = "DIR",
            description =
                    "A pack that certify wrote: pages then say how often each row decided in what"
                            + " was run (default: none).")
    private @Nullable Path evidence;

    @Option(
            names = "--serve",
            description = "Serves the book on this machine as well, until interrupted.")
    private boolean serve;

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "Where --serve listens, 0 for any (default: ${DEFAULT-VALUE}).")
    private int port = 8000;

    @Override
    public Integer call() throws InterruptedException {
        if (port < 0 || port > 65535) {
            throw new BadInput("--port must be 0 to 65535, not " + port);
        }
        if (evidence != null && !Files.isRegularFile(evidence.resolve("rows.csv"))) {
            throw new BadInput("--evidence " + evidence + " is no evidence pack: no rows.csv");
        }
        try {
            if (!Book.replaceable(out)) {
                throw new BadInput("--out " + out + " is there, and is no book");
            }
            Path project = SourceTree.of(Target.SPECIFICATION).project();
            Version version = Version.current();
            int pages =
                    Book.write(
                            project,
                            System.getProperty("java.class.path"),
                            out,
                            evidence,
                            "Provisor " + version.version() + ", commit " + version.commit(),
                            StepperScript.kept(project.resolve("proofs/target")));
            out().printf("wrote %,d pages; read %s first%n", pages, out.resolve("index.html"));
            out().flush();
        } catch (SeededException e) {
            throw new BadInput(String.valueOf(e.getMessage()));
        } catch (IOException | UncheckedIOException e) {
            throw new BadInput("cannot write " + out + ": " + e.getMessage());
        }
        if (serve) {
            serve();
        }
        return ExitCode.FINE;
    }

    private void serve() throws InterruptedException {
        InetSocketAddress here = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        try {
            HttpServer server =
                    SimpleFileServer.createFileServer(
                            here,
                            out.toAbsolutePath().normalize(),
                            SimpleFileServer.OutputLevel.NONE);
            server.start();
            out().printf("http://localhost:%d/ until interrupted%n", server.getAddress().getPort());
            out().flush();
        } catch (UncheckedIOException e) {
            throw new BadInput("cannot listen on port " + port + ": " + e.getMessage());
        }
        new CountDownLatch(1).await();
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }
}
