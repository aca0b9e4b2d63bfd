// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.members;

import org.provisor.proofs.mail.MailReader;
import org.provisor.proofs.mail.MailWriter;
import org.provisor.proofs.seeded.SeededException;
import org.provisor.refine.harness.ImplSubject;
import org.provisor.refine.harness.Subject;
import org.provisor.refine.harness.Switches;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.function.Function;

/// Does units of work. An answer depends on its request only, whatever was done before.
///
/// A request says what kind of work it is, then what the kind needs. An answer says how it went,
/// then what came of it. Several threads may ask at once.
public final class Workplace {

    /// What kind of work a request is.
    enum Kind {
        /// A round of a campaign.
        ROUND,
        /// A campaign on one mutant.
        ROW,
        /// States to expand.
        STATES
    }

    private static final int DONE = 0;
    private static final int REFUSED = 1;
    private static final int FAILED = 2;

    private final RoundWork rounds;
    private final RowWork rows = new RowWork();
    private final StatesWork states = new StatesWork();

    public Workplace() {
        this(ImplSubject::new);
    }

    /// @param subjects makes what campaigns compare with the specification
    public Workplace(Function<Switches, Subject> subjects) {
        rounds = new RoundWork(subjects);
    }

    /// Does a unit.
    public byte[] answer(byte[] request) {
        try {
            MailReader reader = new MailReader(request);
            Kind kind = Kind.valueOf(reader.text());
            byte[] done =
                    switch (kind) {
                        case ROUND -> rounds.answer(reader);
                        case ROW -> rows.answer(reader);
                        case STATES -> new MailWriter().block(states.answer(reader)).done();
                    };
            return new MailWriter().small(DONE).block(done).done();
        } catch (SeededException e) {
            return new MailWriter().small(REFUSED).text(e.getMessage()).done();
        } catch (Throwable e) {
            return failed(e);
        }
    }

    /// The answer to what cannot be done.
    static byte[] failed(Throwable why) {
        StringWriter trace = new StringWriter();
        why.printStackTrace(new PrintWriter(trace));
        return new MailWriter().small(FAILED).text(trace.toString()).done();
    }

    /// The beginning of a request.
    static MailWriter request(Kind kind) {
        return new MailWriter().text(kind.name());
    }

    /// What came of a unit.
    ///
    /// @throws SeededException if a mutant does not fit
    /// @throws IllegalStateException if the unit failed, with the trace of where it did
    static MailReader opened(byte[] answer) {
        MailReader reader = new MailReader(answer);
        return switch (reader.small()) {
            case DONE -> new MailReader(reader.block());
            case REFUSED -> throw new SeededException(reader.text());
            default -> throw new IllegalStateException("a member failed: " + reader.text());
        };
    }
}
