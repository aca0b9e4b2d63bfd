// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.state;

import io.vavr.collection.Iterator;
import io.vavr.control.Option;

import org.provisor.spec.abi.Domid;

import java.util.Arrays;

/// The domains of a machine by identifier, immutable. Two with the same domains are equal.
///
/// A machine has few, so they stand in one array, by rising identifier.
public final class Domains implements Iterable<Domain> {

    /// No domain.
    public static final Domains NONE = new Domains(new Domain[0]);

    private final Domain[] domains;

    private Domains(Domain[] domains) {
        this.domains = domains;
    }

    public static Domains of(Domain... domains) {
        Domains all = NONE;
        for (Domain domain : domains) {
            all = all.with(domain);
        }
        return all;
    }

    public int size() {
        return domains.length;
    }

    public boolean has(Domid id) {
        int place = place(id);
        return place < domains.length && domains[place].id().equals(id);
    }

    /// The domain of an identifier.
    public Option<Domain> get(Domid id) {
        return has(id) ? Option.some(domains[place(id)]) : Option.none();
    }

    /// The place of the first domain whose identifier is not below this one.
    private int place(Domid id) {
        int place = 0;
        while (place < domains.length && domains[place].id().value() < id.value()) {
            place++;
        }
        return place;
    }

    /// With this domain, in place of the one of its identifier if there is one.
    public Domains with(Domain domain) {
        int place = place(domain.id());
        Domain[] now;
        if (has(domain.id())) {
            now = domains.clone();
        } else {
            now = Arrays.copyOf(domains, domains.length + 1);
            System.arraycopy(domains, place, now, place + 1, domains.length - place);
        }
        now[place] = domain;
        return new Domains(now);
    }

    /// Without the domain of an identifier, if there is one.
    public Domains without(Domid id) {
        if (!has(id)) {
            return this;
        }
        int place = place(id);
        Domain[] now = Arrays.copyOf(domains, domains.length - 1);
        System.arraycopy(domains, place + 1, now, place, now.length - place);
        return new Domains(now);
    }

    /// By rising identifier.
    @Override
    public Iterator<Domain> iterator() {
        return Iterator.of(domains);
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof Domains that && Arrays.equals(domains, that.domains));
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(domains);
    }

    @Override
    public String toString() {
        return "Domains" + Arrays.toString(domains);
    }
}
