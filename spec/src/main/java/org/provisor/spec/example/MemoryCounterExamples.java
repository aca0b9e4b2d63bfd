// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.MemoryCalls.extents;
import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.Invocation.UpdateDescriptorCall;
import org.provisor.spec.abi.MachineAddress;
import org.provisor.spec.abi.MemoryCommand;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.TypeUse;
import org.provisor.spec.transition.Event;

/// Examples of counters near their ends, for the calls about memory and descriptors. Nobody is
/// there to hold so many references.
final class MemoryCounterExamples {

    private MemoryCounterExamples() {}

    static Vector<Example> all() {
        return Vector.of(stolen(), givenBack(), descriptor())
                .map(example -> example.breaks("I1: the scene starts from such counts"));
    }

    private static Example stolen() {
        return ExchangeCalls.by(
                        D1,
                        "steal-page/a",
                        "a frame referred to by as many as can be is not exchanged",
                        ExchangeCalls.asking(
                                ExchangeCalls.listing(
                                        Scene.usual().counts(0x18, Frame.MAX_REFS - 1, 0),
                                        Vector.of(0x18L),
                                        Vector.of(7L)),
                                extents(1, 0),
                                ExchangeCalls.wanted(1, 0),
                                0))
                .answers("returns -22 EINVAL")
                .owes(ExchangeCalls.counted(0));
    }

    private static Example givenBack() {
        return MemoryCalls.by(
                        D1,
                        "mm.decrease.frame/b",
                        "a frame referred to by as many as can be is not given back",
                        MemoryCalls.asking(
                                MemoryCalls.listing(
                                        Scene.usual().counts(0x18, Frame.MAX_REFS - 1, 0), 0x18),
                                extents(1, 0)),
                        MemoryCommand.DECREASE_RESERVATION)
                .answers("returns 0");
    }

    private static Example descriptor() {
        Scene full =
                DescriptorCalls.withGdt(Scene.usual(), 1, 0x18L).counts(0x18, 2, TypeUse.MAX_COUNT);
        return Example.of(
                        "mm.descriptor.update/d",
                        "a frame held for descriptors by as many as can be is not written",
                        full,
                        D1,
                        new Event.Call(
                                new UpdateDescriptorCall(
                                        MachineAddress.of(new Mfn(0x18), 8),
                                        DescriptorCalls.DATA_3)))
                .answers("returns -22 EINVAL");
    }
}
