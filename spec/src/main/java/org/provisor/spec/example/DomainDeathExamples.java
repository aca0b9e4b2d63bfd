// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.Scene.D0;
import static org.provisor.spec.example.Scene.D1;
import static org.provisor.spec.example.SmallScenes.DESTROY;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.state.Choices;
import org.provisor.spec.state.Domain;
import org.provisor.spec.transition.Event;

/// Examples of the destruction of a domain, stage by stage.
final class DomainDeathExamples {

    private DomainDeathExamples() {}

    static Vector<Example> all() {
        return Vector.of(
                noSuchDomain(), notAllowed(), itself(), alive(), aliveWithClaim(), dying(), dead());
    }

    private static Example destroy(String row, String title, Scene scene) {
        return Example.of("mm.domain." + row, title, scene, D0, DESTROY);
    }

    private static Example noSuchDomain() {
        return Example.of(
                        "mm.domain.destroy/a",
                        "there is no d7 to destroy",
                        Scene.usual(),
                        D0,
                        new Event.Destroy(new Domid(7)))
                .answers("returns -3 ESRCH");
    }

    private static Example notAllowed() {
        return Example.of(
                        "mm.domain.destroy/b",
                        "a guest destroys no other",
                        Scene.usual(),
                        D1,
                        new Event.Destroy(new Domid(2)))
                .answers("returns -1 EPERM");
    }

    private static Example itself() {
        return Example.of(
                        "mm.domain.destroy/c",
                        "a control domain does not destroy itself",
                        Scene.usual(),
                        D0,
                        new Event.Destroy(new Domid(0)))
                .answers("returns -22 EINVAL");
    }

    private static Example alive() {
        return destroy(
                        "destroy/d",
                        "a domain is destroyed, and its frames are free",
                        SmallScenes.tiny(2, 5))
                .answers("returns 0")
                .changes(
                        "mfn 4 owner: d1 -> no domain",
                        "mfn 4 refs: 1 -> 0",
                        "mfn 4 allocated: true -> false",
                        "mfn 5 owner: d1 -> no domain",
                        "mfn 5 refs: 1 -> 0",
                        "mfn 5 allocated: true -> false",
                        "d1 is gone");
    }

    private static Example aliveWithClaim() {
        Scene tiny = SmallScenes.tiny(2, 5);
        Domain claiming = tiny.machine().domain(new Domid(1)).withPages(2, 3);
        return destroy(
                        "destroy/d",
                        "what was kept back for a domain is free as soon as it is dying",
                        tiny.domain(claiming))
                .observed(Choices.preemptedAfter(0))
                .answers("to be asked again")
                .changes(
                        "mfn 4 owner: d1 -> no domain",
                        "mfn 4 refs: 1 -> 0",
                        "mfn 4 allocated: true -> false",
                        "d1 frames: 2 -> 1",
                        "d1 claim: 3 -> 0",
                        "d1 life: alive -> dying",
                        "d1 teardown: vcpus -> l4");
    }

    private static Example dying() {
        return destroy(
                        "destroy/e",
                        "a destruction that was preempted goes on",
                        SmallScenes.tiny(2, 5).then(D0, DESTROY, Choices.preemptedAfter(0)))
                .answers("returns 0")
                .changes(
                        "mfn 5 owner: d1 -> no domain",
                        "mfn 5 refs: 1 -> 0",
                        "mfn 5 allocated: true -> false",
                        "d1 is gone");
    }

    private static Example dead() {
        return destroy(
                        "destroy/f",
                        "a dead domain of which a frame is still held is not destroyed twice",
                        SmallScenes.mappedByControl(5).then(D0, DESTROY))
                .answers("returns 0");
    }
}
