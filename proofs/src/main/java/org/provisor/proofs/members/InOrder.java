// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.members;

import org.provisor.proofs.mail.MailReader;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;

/// Units asked for ahead of time, their answers taken in the order of their numbers.
final class InOrder {

    private static final long LOOK_MILLIS = 100;

    private InOrder() {}

    /// Takes what came of a unit.
    interface Taker {

        /// Takes one, and says whether the next is wanted.
        boolean take(MailReader answer);
    }

    /// @param units how many there are
    /// @param most how many may be asked for that are not taken, for each that members work on
    /// @param goesOn asked ten times a second or more often whether to go on
    /// @return false if the calling thread was interrupted
    /// @throws MembersException if all members leave
    static boolean run(
            Leases leases,
            long units,
            long most,
            LongFunction<byte[]> request,
            Taker taker,
            BooleanSupplier goesOn) {
        Deque<CompletableFuture<byte[]>> asked = new ArrayDeque<>();
        long next = 0;
        boolean wanted = true;
        while (wanted && goesOn.getAsBoolean()) {
            long window = Math.max(1, most * leases.room());
            while (next < units && asked.size() < window) {
                asked.addLast(leases.ask(request.apply(next++)));
            }
            if (asked.isEmpty()) {
                return true;
            }
            try {
                byte[] answer = asked.getFirst().get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                asked.removeFirst();
                wanted = taker.take(Workplace.opened(answer));
            } catch (TimeoutException e) {
                // Nothing yet; look again whether to go on.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            } catch (ExecutionException e) {
                throw e.getCause() instanceof MembersException gone
                        ? gone
                        : new CompletionException(e.getCause());
            }
        }
        return true;
    }
}
