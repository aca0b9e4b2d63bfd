// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.provisor.refine.abstraction.MachineAbstraction;
import org.provisor.refine.program.Action;
import org.provisor.refine.program.Program;
import org.provisor.refine.trace.TraceText;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.Teardown;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The abstraction of the implementation, made as a whole, is the specification's machine: what is
/// compared field by field leaves nothing out.
final class AbstractionTest {

    private static List<Path> traces() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/traces"))) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("traces")
    void abstractionIsTheMachine(Path trace) throws IOException {
        Program program = TraceText.parse(trace.toString(), Files.readString(trace));
        try (Subject subject = new ImplSubject(Switches.ALL)) {
            ImplRun run = assertInstanceOf(ImplRun.class, subject.start(program.world()));
            for (Action action : program.actions()) {
                run.perform(action);
                Machine seen = MachineAbstraction.machine(run.boot().host, run.boot().ids());
                assertEquals(plain(run.machine()), plain(seen), () -> TraceText.print(action));
            }
        }
    }

    /// A machine without what is no part of the abstraction: the ghosts, and which frames a
    /// teardown has visited that the domain does not own any more.
    private static Machine plain(Machine machine) {
        Machine plain = machine;
        for (int mfn = 0; mfn < machine.frames().size(); mfn++) {
            plain = plain.with(new Mfn(mfn), machine.frames().get(mfn).withStale(false));
        }
        for (Domain domain : machine.domains()) {
            Teardown teardown = domain.teardown();
            var owned =
                    teardown.visited()
                            .filter(mfn -> machine.frame(mfn).ownedBy(domain.id()))
                            .filter(mfn -> machine.frame(mfn).refs() != 0);
            plain = plain.with(domain.withTeardown(new Teardown(teardown.stage(), owned)));
        }
        return plain;
    }
}
