// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import io.vavr.collection.Vector;

/// All worked examples, in the order of the reading guide.
public final class Examples {

    private Examples() {}

    /// The examples of every rule.
    public static Vector<Example> all() {
        return ReferenceExamples.all()
                .appendAll(PageTypeExamples.all())
                .appendAll(HeldTableExamples.all())
                .appendAll(ValidationExamples.all())
                .appendAll(TableValidationExamples.all())
                .appendAll(TeardownExamples.all())
                .appendAll(UnfinishedTeardownExamples.all())
                .appendAll(LevelOneEntryExamples.all())
                .appendAll(ForeignEntryExamples.all())
                .appendAll(DeviceEntryExamples.all())
                .appendAll(TableEntryExamples.all())
                .appendAll(LinearTableExamples.all())
                .appendAll(ThirtyTwoBitExamples.all())
                .appendAll(EntryUpdateExamples.all())
                .appendAll(TableEntryUpdateExamples.all())
                .appendAll(MmuUpdateExamples.all())
                .appendAll(MmuUpdateBatchExamples.all())
                .appendAll(MmuUpdateCountExamples.all())
                .appendAll(MmuUpdateRequestExamples.all())
                .appendAll(MmuUpdateEntryExamples.all())
                .appendAll(UpdateVaMappingExamples.all())
                .appendAll(UpdateVaMappingFlushExamples.all())
                .appendAll(GuestWalkExamples.all())
                .appendAll(WritablePageTableExamples.all())
                .appendAll(WritableEntryExamples.all())
                .appendAll(MmuextExamples.all())
                .appendAll(MmuextBatchExamples.all())
                .appendAll(MmuextOperationExamples.all())
                .appendAll(PinningExamples.all())
                .appendAll(PinningRefusedExamples.all())
                .appendAll(PinningPreemptionExamples.all())
                .appendAll(BasePointerExamples.all())
                .appendAll(UserRootExamples.all())
                .appendAll(ShownMachineToPhysicalExamples.all())
                .appendAll(TlbExamples.all())
                .appendAll(WholePageExamples.all())
                .appendAll(DispatchExamples.all())
                .appendAll(DomainDeathExamples.all())
                .appendAll(EntryLimitExamples.all())
                .appendAll(FrameReleaseExamples.all())
                .appendAll(LimitExamples.all())
                .appendAll(RelinquishExamples.all())
                .appendAll(VcpuRootsExamples.all());
    }
}
