// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.smt;

import com.microsoft.z3.Context;
import com.microsoft.z3.Params;

import de.uni_freiburg.informatik.ultimate.logic.SMTLIBException;
import de.uni_freiburg.informatik.ultimate.smtinterpol.DefaultLogger;
import de.uni_freiburg.informatik.ultimate.smtinterpol.LogProxy;
import de.uni_freiburg.informatik.ultimate.smtinterpol.option.OptionMap;
import de.uni_freiburg.informatik.ultimate.smtinterpol.smtlib2.ParseEnvironment;
import de.uni_freiburg.informatik.ultimate.smtinterpol.smtlib2.SMTInterpol;

import java.io.StringReader;
import java.util.Map;

/// A solver of questions in SMT-LIB 2.
public enum Solver {
    Z3("z3") {
        @Override
        Answer ask(String script, long milliseconds) {
            try (Context context = new Context(Map.of("model", "false"))) {
                com.microsoft.z3.Solver solver = context.mkSolver();
                Params limits = context.mkParams();
                limits.add("timeout", (int) Math.min(Integer.MAX_VALUE, milliseconds));
                solver.setParameters(limits);
                solver.add(context.parseSMTLIB2String(script, null, null, null, null));
                return switch (solver.check()) {
                    case SATISFIABLE -> Answer.SAT;
                    case UNSATISFIABLE -> Answer.UNSAT;
                    case UNKNOWN -> Answer.UNKNOWN;
                };
            }
        }

        @Override
        public boolean available() {
            try (Context context = new Context()) {
                return context.mkTrue().isTrue();
            } catch (LinkageError e) {
                return false;
            }
        }
    },

    SMT_INTERPOL("smtinterpol") {
        @Override
        Answer ask(String script, long milliseconds) {
            // It keeps terms in tables of the class, which one thread at a time may use.
            synchronized (Turn.LOCK) {
                return alone(script, milliseconds);
            }
        }

        private static Answer alone(String script, long milliseconds) {
            LogProxy log = new DefaultLogger();
            log.setLoglevel(LogProxy.LOGLEVEL_OFF);
            SMTInterpol solver = new SMTInterpol(log, () -> Thread.currentThread().isInterrupted());
            Answers answers = new Answers(solver, new OptionMap(log, true));
            solver.setOption(":timeout", Long.toString(milliseconds));
            try {
                answers.parseStream(new StringReader(script), "question");
            } catch (SMTLIBException e) {
                throw new IllegalStateException(e);
            } finally {
                solver.exit();
            }
            return switch (answers.last) {
                case "sat" -> Answer.SAT;
                case "unsat" -> Answer.UNSAT;
                case "unknown" -> Answer.UNKNOWN;
                default -> throw new IllegalStateException("SMTInterpol says " + answers.last);
            };
        }
    };

    /// For what one thread at a time may do.
    private static final class Turn {
        private static final Object LOCK = new Object();

        private Turn() {}
    }

    private final String text;

    Solver(String text) {
        this.text = text;
    }

    /// What a solver says of a question.
    enum Answer {
        SAT,
        UNSAT,
        UNKNOWN
    }

    /// Asks whether a script's assertions can all be true.
    abstract Answer ask(String script, long milliseconds);

    /// Whether it runs on this machine.
    public boolean available() {
        return true;
    }

    /// Its name, as a user gives it.
    public String text() {
        return text;
    }

    /// Keeps what would be printed.
    private static final class Answers extends ParseEnvironment {

        private String last = "nothing";

        Answers(SMTInterpol solver, OptionMap options) {
            super(solver, options);
        }

        @Override
        public void printSuccess() {}

        @Override
        public void printResponse(Object response) {
            last = response.toString();
        }

        @Override
        public void printError(String message) {
            throw new IllegalStateException(message);
        }
    }
}
