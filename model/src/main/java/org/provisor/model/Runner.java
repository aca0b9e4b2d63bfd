// SPDX-License-Identifier: Apache-2.0
package org.provisor.model;

import edu.mit.csail.sdg.alloy4.A4Reporter;
import edu.mit.csail.sdg.ast.Command;
import edu.mit.csail.sdg.parser.CompModule;
import edu.mit.csail.sdg.parser.CompUtil;
import edu.mit.csail.sdg.translator.A4Options;
import edu.mit.csail.sdg.translator.A4Solution;
import edu.mit.csail.sdg.translator.TranslateAlloyToKodkod;

import kodkod.engine.satlab.SATFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Runs commands of the models.
public final class Runner {

    /// Solvers that decide. `electrod` is none of them: it writes a file and calls that
    /// unsatisfiable.
    private static final Set<String> TRUSTED =
            Set.of("sat4j", "lingeling.parallel", "minisat", "minisat.prover", "glucose");

    private Runner() {}

    /// Makes Alloy say nothing but what went wrong. Before anything of Alloy is used.
    public static void quiet() {
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "error");
    }

    /// Runs a command with all its solvers.
    ///
    /// @throws IllegalArgumentException if there is no such command or solver
    public static Ran run(Manifest.Entry entry) {
        List<Ran.Answer> answers = new ArrayList<>();
        for (String solver : entry.solvers()) {
            answers.add(answer(entry, solver));
        }
        return new Ran(entry, answers);
    }

    private static Ran.Answer answer(Manifest.Entry entry, String solver) {
        if (!TRUSTED.contains(solver)) {
            throw new IllegalArgumentException("no solver to be trusted: " + solver);
        }
        long begin = System.nanoTime();
        CompModule module =
                CompUtil.parseEverything_fromString(A4Reporter.NOP, Models.text(entry.model()));
        A4Options options = new A4Options();
        options.solver = solver(solver);
        options.noOverflow = true;
        Size size = new Size();
        A4Solution solution =
                TranslateAlloyToKodkod.execute_command(
                        size, module.getAllReachableSigs(), command(module, entry), options);
        return new Ran.Answer(
                solver,
                solution.satisfiable(),
                (System.nanoTime() - begin) / 1e9,
                size.variables,
                size.clauses);
    }

    /// A solver. One at a time: the first unpacks the libraries of all, and two at once would get
    /// in each other's way.
    static synchronized SATFactory solver(String name) {
        return SATFactory.get(name);
    }

    private static Command command(CompModule module, Manifest.Entry entry) {
        for (Command command : module.getAllCommands()) {
            if (command.label.equals(entry.command())) {
                return command;
            }
        }
        throw new IllegalArgumentException("no command " + entry.name());
    }

    /// Learns how large the formula is.
    private static final class Size extends A4Reporter {

        private int variables;
        private int clauses;

        @Override
        public void solve(int plength, int primaryVars, int totalVars, int sum) {
            variables = primaryVars;
            clauses = sum;
        }
    }
}
