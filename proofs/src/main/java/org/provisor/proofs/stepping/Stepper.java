// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.stepping;

import io.vavr.collection.HashMap;
import io.vavr.collection.Map;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.harness.SpecRun;
import org.provisor.refine.harness.SpecSubject;
import org.provisor.refine.harness.Verdict;
import org.provisor.refine.program.Action;
import org.provisor.refine.program.FrameName;
import org.provisor.refine.program.Program;
import org.provisor.refine.program.World;
import org.provisor.refine.trace.Replay;
import org.provisor.refine.trace.TraceException;
import org.provisor.refine.trace.TraceText;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.example.Changes;
import org.provisor.spec.invariant.Invariant;
import org.provisor.spec.state.Answer;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.PageType;
import org.provisor.spec.state.TypeUse;
import org.provisor.spec.state.Vcpu;
import org.teavm.jso.JSExport;

import java.util.ArrayList;
import java.util.List;

/// Takes the steps of a trace on the specification and says, in JSON, what came of each and what
/// the machine is at the end. Runs in a browser as well as here, and so uses little of Java.
public final class Stepper {

    private static final int SLOTS = 512;
    private static final long ADDRESS = 0x000F_FFFF_FFFF_F000L;

    /// So many words of a frame are shown.
    private static final int MOST_WORDS = 64;

    private static @Nullable Steps last;

    private Stepper() {}

    /// Nothing to do: what the page calls is [#steps].
    public static void main(String[] args) {}

    /// Takes all steps of a trace.
    ///
    /// @param text a trace as `replay` reads it
    /// @return `{"error": ...}` if it is none; else `steps`, each with `line`, `answer`, `refused`,
    ///   `rows` (the row that decided last comes last), `changes`; and of the machine after them
    ///   `frames`, `domains` and `invariants`
    @JSExport
    public static String steps(String text) {
        try {
            Program program = TraceText.parse("trace", text);
            Steps steps = last;
            if (steps == null || !steps.begins(program)) {
                steps = new Steps(program);
            }
            // Nothing goes on from what ended in the middle.
            last = null;
            String json = steps.json(program.actions());
            last = steps;
            return json;
        } catch (TraceException | IllegalArgumentException e) {
            return new JsonText().open().field("error", String.valueOf(e.getMessage())).close();
        }
    }

    private static final class Steps {

        private final World world;
        private final SpecRun run;
        private final List<Action> done = new ArrayList<>();
        private final StringBuilder said = new StringBuilder();

        Steps(Program program) {
            world = program.world();
            run = new SpecSubject().start(world);
        }

        /// Whether a program begins with all that was done.
        boolean begins(Program program) {
            int count = done.size();
            return world.equals(program.world())
                    && program.actions().size() >= count
                    && program.actions().subList(0, count).equals(done);
        }

        /// Does what is not done yet.
        String json(List<Action> actions) {
            for (Action action : actions.subList(done.size(), actions.size())) {
                said.append(done.isEmpty() ? "" : ",").append(step(action));
                done.add(action);
            }
            JsonText json = new JsonText().open().name("steps").openList().written(said);
            json.closeList().name("frames").openList();
            Machine machine = run.machine();
            for (int mfn = 0; mfn < machine.frames().size(); mfn++) {
                frame(json, mfn, machine.frames().get(mfn));
            }
            json.closeList().name("domains").openList();
            for (Domain domain : machine.domains()) {
                domain(json, domain);
            }
            json.closeList().name("invariants").openList();
            invariants(json);
            return json.closeList().close();
        }

        private String step(Action action) {
            JsonText json = new JsonText();
            Machine before = run.machine();
            Verdict verdict = run.perform(action);
            Answer answer = run.answer();
            json.open().field("line", TraceText.print(action));
            json.field("answer", answer == null ? "" : Replay.text(answer));
            json.field("refused", refused(answer));
            json.name("rows").openList();
            switch (verdict) {
                case Verdict.Agreed(int _, var latestFirst) ->
                        latestFirst.reverse().forEach(json::value);
                case Verdict.Unspecified _ -> {}
                case Verdict.Differs differs -> json.value(differs.clause());
            }
            json.closeList();
            if (verdict instanceof Verdict.Differs(String _, String part, String explanation)) {
                json.field("wrong", part + ": " + explanation);
            }
            json.name("changes").openList();
            for (String change : Changes.between(before, run.machine())) {
                json.value(change);
            }
            return json.closeList().close();
        }

        private static boolean refused(@Nullable Answer answer) {
            return switch (answer) {
                case Answer.Returned(long value) -> value < 0;
                case Answer.PageFault _, Answer.ReadFault _, Answer.GeneralProtection _ -> true;
                case null, default -> false;
            };
        }

        private void frame(JsonText json, int mfn, Frame frame) {
            TypeUse use = frame.use();
            json.open().field("mfn", mfn).field("name", name(mfn));
            json.field("owner", owner(frame)).field("refs", frame.refs());
            json.field("allocated", frame.allocated()).field("special", frame.special());
            json.field("type", use.type().toString()).field("count", use.count());
            json.field("state", state(use)).field("pinned", use.pinned());
            json.name("words").openList();
            if (!frame.free() && !frame.ownedBy(Domid.XEN)) {
                words(json, mfn);
            }
            json.closeList().close();
        }

        private static String state(TypeUse use) {
            return use.type() == PageType.NONE ? "" : use.validity().toString();
        }

        private void words(JsonText json, int mfn) {
            int shown = 0;
            for (int slot = 0; slot < SLOTS && shown < MOST_WORDS; slot++) {
                long word = run.word(mfn, slot);
                if (word != 0) {
                    shown++;
                    json.open().field("slot", slot).field("word", "0x" + Long.toHexString(word));
                    json.field("to", (word & ADDRESS) >>> 12);
                    json.field("present", (word & 1) != 0).field("writable", (word & 2) != 0);
                    json.close();
                }
            }
        }

        private String owner(Frame frame) {
            return frame.free() ? "" : String.valueOf(frame.owner());
        }

        private String name(long mfn) {
            FrameName name = run.numbers().name(mfn);
            return name == null ? "mfn " + Long.toHexString(mfn) : name.toString();
        }

        private void domain(JsonText json, Domain domain) {
            json.open().field("id", domain.id().toString()).field("life", domain.life().toString());
            json.field("frames", domain.totPages()).field("most", domain.maxPages());
            json.field("control", domain.control());
            json.name("vcpus").openList();
            for (Vcpu vcpu : domain.vcpus()) {
                json.open();
                json.field("root", vcpu.root().map(mfn -> name(mfn.value())).getOrElse(""));
                json.field("userRoot", vcpu.userRoot().map(mfn -> name(mfn.value())).getOrElse(""));
                json.close();
            }
            json.closeList().close();
        }

        private void invariants(JsonText json) {
            Map<Invariant, String> wrong = HashMap.empty();
            for (Invariant.Violation violation : run.violations()) {
                wrong = wrong.put(violation.invariant(), violation.where());
            }
            for (Invariant invariant : List.of(Invariant.values())) {
                json.open().field("id", invariant.number()).field("says", invariant.statement());
                json.field("wrong", wrong.getOrElse(invariant, "")).close();
            }
        }
    }
}
