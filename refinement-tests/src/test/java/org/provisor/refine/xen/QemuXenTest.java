// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.xen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.provisor.refine.program.CallMemory;
import org.provisor.refine.xen.Mailbox.Operation;
import org.provisor.refine.xen.Mailbox.Result;
import org.provisor.refine.xen.XenLostException.Kind;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// What becomes of a machine that goes on, and of one that does not.
class QemuXenTest {

    private static final long XEN_VERSION = 17;
    private static final long RUNNING = 4 << 16 | 17;
    private static final long SCHED_OP = 29;
    private static final long SHUTDOWN = 2;
    private static final long CRASH = 3;

    private static QemuXen start() throws InterruptedException {
        return QemuXen.start(InstalledXen.setup());
    }

    @Test
    void probeAnswers() throws InterruptedException {
        try (QemuXen xen = start()) {
            assertEquals(RUNNING, xen.mailbox().call(XEN_VERSION, 0, 0));
        }
    }

    @Test
    void probeSurvivesFaults() throws InterruptedException {
        try (QemuXen xen = start()) {
            Result result = xen.mailbox().run(Operation.WRITE, 0x1000, 8, 1);
            assertEquals(14, result.vector());
            assertEquals(0x1000, result.address());
            assertEquals(0, result.behind());
            long readOnly = CallMemory.START + CallMemory.WRITABLE;
            assertEquals(readOnly, xen.mailbox().run(Operation.WRITE, readOnly, 1, 1).address());
            assertFalse(xen.mailbox().run(Operation.READ, readOnly).trapped());
            long behind = CallMemory.START + CallMemory.READABLE;
            assertTrue(xen.mailbox().run(Operation.READ, behind).trapped());
            assertEquals(13, xen.mailbox().run(Operation.LOAD_SEGMENT, 0x7F).vector());
        }
    }

    @Test
    void manyCommandsAtOnce() throws InterruptedException {
        try (QemuXen xen = start()) {
            for (int round = 0; round < 100; round++) {
                for (int i = 0; i < 60; i++) {
                    xen.mailbox().send(Operation.CALL, XEN_VERSION, 0, 0);
                }
                for (int i = 0; i < 60; i++) {
                    assertEquals(RUNNING, xen.mailbox().take().value());
                }
            }
        }
    }

    @Test
    void unexpectedTrapIsTold() throws InterruptedException {
        try (QemuXen xen = start()) {
            // The probe has no right to ports before it asks for it.
            XenLostException lost =
                    assertThrows(
                            XenLostException.class,
                            () -> xen.mailbox().run(Operation.PORT_OUT, 0x80, 1, 0));
            assertEquals(Kind.TRAPPED, lost.kind());
            assertTrue(lost.console().stream().anyMatch(l -> l.contains("unexpected trap")));
        }
    }

    @Test
    void crashOfTheDomainIsTold() throws InterruptedException {
        try (QemuXen xen = start()) {
            long calls = xen.ram().walk(xen.mailbox().root(), CallMemory.START).address();
            xen.ram().setWord(calls, CRASH);
            XenLostException lost =
                    assertThrows(
                            XenLostException.class,
                            () -> xen.mailbox().call(SCHED_OP, SHUTDOWN, CallMemory.START));
            assertEquals(Kind.DOMAIN_CRASHED, lost.kind(), lost.getMessage());
        }
    }

    @Test
    void hangIsTold() throws InterruptedException {
        QemuXen.Setup setup = InstalledXen.setup().withPatience(Duration.ofMillis(500));
        try (QemuXen xen = QemuXen.start(setup)) {
            XenLostException lost =
                    assertThrows(
                            XenLostException.class,
                            () -> xen.mailbox().run(Operation.CALLS, Long.MAX_VALUE, XEN_VERSION));
            assertEquals(Kind.HANG, lost.kind());
        }
    }

    @Test
    void endOfQemuIsTold() throws InterruptedException {
        try (QemuXen xen = start()) {
            xen.kill();
            XenLostException lost =
                    assertThrows(
                            XenLostException.class, () -> xen.mailbox().call(XEN_VERSION, 0, 0));
            assertEquals(Kind.EXITED, lost.kind());
        }
    }

    @Test
    void whatDoesNotStartIsTold() throws InterruptedException {
        QemuXen.Setup setup = InstalledXen.setup().withQemu("false");
        XenLostException lost =
                assertThrows(XenLostException.class, () -> QemuXen.start(setup).close());
        assertEquals(Kind.NOT_STARTED, lost.kind());
    }

    @Test
    void nothingIsLeftBehind() throws InterruptedException {
        List<ProcessHandle> processes;
        try (QemuXen xen = start()) {
            processes = xen.processes().toList();
            assertTrue(processes.size() >= 2);
        }
        assertEnd(processes);
    }

    /// A virtual machine that is killed takes its machines with it.
    @Test
    void nothingIsLeftBehindByAKill() throws Exception {
        InstalledXen.setup();
        Process java =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Waiting.class.getName())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        assertEquals('!', java.getInputStream().read());
        List<ProcessHandle> processes = java.descendants().toList();
        assertTrue(processes.size() >= 2);
        java.destroyForcibly();
        assertEnd(processes);
    }

    private static void assertEnd(List<ProcessHandle> processes) throws InterruptedException {
        for (int i = 0; i < 500 && processes.stream().anyMatch(ProcessHandle::isAlive); i++) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        assertTrue(processes.stream().noneMatch(ProcessHandle::isAlive));
    }

    /// Starts a machine, says so, and does nothing more.
    static final class Waiting {

        private Waiting() {}

        public static void main(String[] arguments) throws InterruptedException {
            try (QemuXen xen = start()) {
                System.out.print(xen.mailbox().naps() >= 0 ? '!' : '?');
                System.out.flush();
                TimeUnit.HOURS.sleep(1);
            }
        }
    }
}
