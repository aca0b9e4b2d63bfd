// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.members;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// Who has which unit of work.
///
/// A unit is leased to one member at a time. A member that leaves gives back what it has, and
/// others get it, the lowest number first. The first answer to a number is taken; what comes after
/// it, from a member of whom one thought that it had left, is dropped and counted.
public final class Leases implements Transport.Listener, AutoCloseable {

    /// After so many requests lost one after the other a member is taken for one that has left.
    private static final int MOST_LOST = 10;

    private final Transport transport;
    private final int ahead;
    private final Consumer<String> told;

    private final Map<String, Place> places = new TreeMap<>();
    private final Map<Long, Unit> open = new HashMap<>();
    private final Deque<Unit> waiting = new ArrayDeque<>();
    private long next;
    private long dropped;
    private long givenBack;
    private boolean begun;

    /// A member, and what it has.
    private static final class Place {

        private final int most;
        private final Set<Long> leased = new TreeSet<>();
        private int lost;

        Place(int most) {
            this.most = most;
        }

        int free() {
            return most - leased.size();
        }
    }

    /// A unit that nobody has answered.
    @SuppressWarnings("ArrayRecordComponent")
    private record Unit(long number, byte[] request, CompletableFuture<byte[]> answer) {}

    /// A unit on its way to a member.
    private record Sent(String member, Unit unit) {}

    /// @param ahead how many units each member gets besides those that it works on
    /// @param told gets a line when a member joins later, or leaves
    public Leases(Transport transport, int ahead, Consumer<String> told) {
        this.transport = transport;
        this.ahead = ahead;
        this.told = told;
    }

    /// Leases to threads of this process.
    public static Leases here(int jobs, Workplace workplace) {
        Leases leases = new Leases(new Threads(jobs, workplace::answer), 0, _ -> {});
        leases.start();
        return leases;
    }

    /// Finds out who is there.
    ///
    /// @throws MembersException if nobody is, or somebody who does not fit
    public void start() {
        transport.start(this);
        synchronized (this) {
            begun = true;
        }
    }

    /// Has a unit done by some member.
    ///
    /// @return what is answered; a [MembersException] if all members leave before
    public CompletableFuture<byte[]> ask(byte[] request) {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        synchronized (this) {
            if (places.isEmpty()) {
                answer.completeExceptionally(nobody());
                return answer;
            }
            Unit unit = new Unit(next++, request, answer);
            open.put(unit.number(), unit);
            waiting.addLast(unit);
        }
        handOut();
        return answer;
    }

    private static MembersException nobody() {
        return new MembersException("every member has left: what was begun is lost");
    }

    /// How many members there are.
    public synchronized int members() {
        return places.size();
    }

    /// How many units members have at once, if there are enough.
    public synchronized int room() {
        return places.values().stream().mapToInt(place -> place.most).sum();
    }

    /// How many answers came to a number that had been answered.
    public synchronized long dropped() {
        return dropped;
    }

    /// How many units were given back by members that left, or got lost on the way.
    public synchronized long givenBack() {
        return givenBack;
    }

    @Override
    public void joined(String member, int jobs) {
        boolean later;
        synchronized (this) {
            later = begun && !places.containsKey(member);
            places.putIfAbsent(member, new Place(jobs + ahead));
        }
        if (later) {
            told.accept("member " + member + " has joined");
        }
        handOut();
    }

    @Override
    public void left(String member) {
        List<CompletableFuture<byte[]>> lost = new ArrayList<>();
        int back = 0;
        synchronized (this) {
            Place place = places.remove(member);
            if (place == null) {
                return;
            }
            for (long number : List.copyOf(place.leased).reversed()) {
                Unit unit = open.get(number);
                if (unit != null) {
                    waiting.addFirst(unit);
                    back++;
                }
            }
            givenBack += back;
            if (places.isEmpty()) {
                open.values().forEach(unit -> lost.add(unit.answer()));
                open.clear();
                waiting.clear();
            }
        }
        told.accept(
                "member "
                        + member
                        + " has left"
                        + (back == 0 || !lost.isEmpty()
                                ? ""
                                : ": others get the " + back + " units that it had"));
        lost.forEach(answer -> answer.completeExceptionally(nobody()));
        handOut();
    }

    @Override
    public void returned(String member, long number) {
        boolean gone = false;
        synchronized (this) {
            Place place = places.get(member);
            if (place == null || !place.leased.remove(number)) {
                return;
            }
            Unit unit = open.get(number);
            if (unit != null) {
                waiting.addFirst(unit);
                givenBack++;
            }
            place.lost++;
            gone = place.lost >= MOST_LOST;
        }
        if (gone) {
            left(member);
        }
        handOut();
    }

    @Override
    public void answered(String member, long number, byte[] answer) {
        Unit unit;
        synchronized (this) {
            Place place = places.get(member);
            if (place != null) {
                place.leased.remove(number);
                place.lost = 0;
            }
            unit = open.remove(number);
            if (unit == null) {
                dropped++;
            } else {
                waiting.remove(unit);
            }
        }
        if (unit != null) {
            unit.answer().complete(answer);
        }
        handOut();
    }

    /// Gives what waits to those who have most room.
    private void handOut() {
        List<Sent> out = new ArrayList<>();
        synchronized (this) {
            while (!waiting.isEmpty()) {
                String member = freest();
                if (member.isEmpty()) {
                    break;
                }
                Unit unit = waiting.removeFirst();
                place(member).leased.add(unit.number());
                out.add(new Sent(member, unit));
            }
        }
        out.forEach(
                sent -> transport.send(sent.member(), sent.unit().number(), sent.unit().request()));
    }

    private Place place(String member) {
        Place place = places.get(member);
        if (place == null) {
            throw new IllegalStateException("there is no member " + member);
        }
        return place;
    }

    private String freest() {
        String best = "";
        int most = 0;
        for (Map.Entry<String, Place> each : places.entrySet()) {
            if (each.getValue().free() > most) {
                best = each.getKey();
                most = each.getValue().free();
            }
        }
        return best;
    }

    @Override
    public void close() {
        transport.close();
    }
}
