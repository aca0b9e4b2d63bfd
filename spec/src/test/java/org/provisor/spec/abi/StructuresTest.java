// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.Vector;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Every structure goes from bytes to a record and back without loss, and touches no padding.
final class StructuresTest {

    @Provide
    Arbitrary<Class<?>> structures() {
        return Arbitraries.of(structureClasses());
    }

    @Provide
    Arbitrary<byte[]> content() {
        return Arbitraries.bytes().array(byte[].class).ofSize(4096);
    }

    @Example
    void thereAreStructures() {
        assertEquals(AbiClaims.layouts().size(), structureClasses().size());
        assertTrue(structureClasses().size() >= 12);
    }

    @Property
    void recordPutBackChangesNothing(
            @ForAll("structures") Class<?> type,
            @ForAll Bitness bitness,
            @ForAll("content") byte[] content,
            @ForAll @IntRange(max = 64) int at) {
        var bytes = Bytes.of(content);
        var before = layout(type).read(bytes, at, bitness);

        var item = fromBytes(type, bytes, at, bitness);

        assertEquals(before, into(item, before));
    }

    @Property
    void recordReadsBackAsItself(
            @ForAll("structures") Class<?> type,
            @ForAll Bitness bitness,
            @ForAll("content") byte[] content) {
        var item = fromBytes(type, Bytes.of(content), 0, bitness);

        assertEquals(item, fromBytes(type, toBytes(item, bitness), 0, bitness));
    }

    @Property
    void paddingIsLeftAlone(
            @ForAll("structures") Class<?> type,
            @ForAll Bitness bitness,
            @ForAll("content") byte[] content) {
        var layout = layout(type);
        var item = fromBytes(type, Bytes.of(content), 0, bitness);
        var ones = new byte[layout.size(bitness)];
        Arrays.fill(ones, (byte) 0xFF);

        var over0 = into(item, layout.blank(bitness));
        var over1 = into(item, new Struct(layout, bitness, Bytes.of(ones)));

        var covered = new boolean[ones.length];
        for (var field : layout.fields()) {
            for (int i = 0; i < field.kind().size(bitness); i++) {
                covered[field.offset(bitness) + i] = true;
            }
        }
        for (int i = 0; i < covered.length; i++) {
            assertEquals(covered[i] ? over1.bytes().byteAt(i) : 0, over0.bytes().byteAt(i));
            assertEquals(covered[i] ? over0.bytes().byteAt(i) : 0xFF, over1.bytes().byteAt(i));
        }
    }

    @Property
    void frameListsAndMasksGoBothWays(
            @ForAll @Size(max = 20) List<Long> words, @ForAll Bitness bitness) {
        var cut = Vector.ofAll(words).map(bitness::truncate);

        var list = FrameList.toBytes(cut, bitness);
        var mask = new VcpuMask(bitness, cut);

        assertEquals(cut, FrameList.fromBytes(list, 0, cut.size(), bitness));
        assertEquals(list, mask.toBytes());
        assertEquals(mask, VcpuMask.fromBytes(list, 0, cut.size(), bitness));
    }

    @Property
    void maskBitsAreBitsOfTheBytes(
            @ForAll @Size(value = 32) byte[] content,
            @ForAll Bitness bitness,
            @ForAll @IntRange(max = 300) int vcpu) {
        var bytes = Bytes.of(content);
        var mask = VcpuMask.fromBytes(bytes, 0, VcpuMask.wordsFor(256, bitness), bitness);

        var expected = vcpu < 256 && ((bytes.byteAt(vcpu / 8) >> (vcpu % 8)) & 1) != 0;
        assertEquals(expected, mask.contains(vcpu));
    }

    @Property
    void numbersAreLittleEndianAndBounded(
            @ForAll @Size(value = 24) byte[] content,
            @ForAll long value,
            @ForAll @IntRange(min = 1, max = 8) int size,
            @ForAll @IntRange(max = 30) int at) {
        var bytes = Bytes.of(content);
        var cut = size == 8 ? value : value & ((1L << (size * 8)) - 1);
        if (at + size > content.length) {
            assertThrows(IndexOutOfBoundsException.class, () -> bytes.with(at, size, cut));
            assertThrows(IndexOutOfBoundsException.class, () -> bytes.read(at, size));
            return;
        }

        var changed = bytes.with(at, size, cut);

        assertEquals(cut, changed.read(at, size));
        assertEquals(cut & 0xFF, changed.byteAt(at));
        assertEquals(Bytes.of(content), bytes);
        assertEquals(bytes.slice(0, at), changed.slice(0, at));
        if (size < 8) {
            assertThrows(
                    IllegalArgumentException.class, () -> bytes.with(at, size, 1L << (size * 8)));
        }
    }

    @Example
    void requestCommandHasThreeBits() {
        var request = new MmuUpdate(0x1234_5007L, 0);

        assertEquals(7, request.commandNumber());
        assertTrue(request.command().isEmpty());
        assertEquals(new MachineAddress(0x1234_5000L), request.address());
        assertEquals(new Mfn(0x12345), request.address().frame());
    }

    @Example
    void descriptorFieldsAreTheProcessors() {
        // The flat 64-bit code segment that every system has: 0, 4 GiB, code, ring 3.
        var code = new SegmentDescriptor(0x00AF_FB00_0000_FFFFL);

        assertTrue(code.has(SegmentDescriptor.SEGMENT_P | SegmentDescriptor.SEGMENT_S));
        assertTrue(code.has(SegmentDescriptor.SEGMENT_L | SegmentDescriptor.SEGMENT_G));
        assertEquals(3, code.dpl());
        assertEquals(0xB, code.type());
        assertEquals(0, code.base());
        assertEquals(0xFFFFF, code.limit());
        assertEquals(code, SegmentDescriptor.of(code.a(), code.b()));
        assertEquals(0x1234_5678L, SegmentDescriptor.of(0x5678_0000L, 0x1200_0034L).base());
    }

    private static List<Class<?>> structureClasses() {
        var found = new ArrayList<Class<?>>();
        for (var type : AbiClaims.classes()) {
            for (var field : type.getDeclaredFields()) {
                if (field.getName().equals("LAYOUT")) {
                    found.add(type);
                }
            }
        }
        return found;
    }

    private static Layout layout(Class<?> type) {
        try {
            return (Layout) type.getField("LAYOUT").get(null);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(type.getSimpleName(), e);
        }
    }

    private static Object fromBytes(Class<?> type, GuestBytes bytes, long at, Bitness bitness) {
        try {
            return type.getMethod("fromBytes", GuestBytes.class, long.class, Bitness.class)
                    .invoke(null, bytes, at, bitness);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(type.getSimpleName(), e);
        }
    }

    private static Struct into(Object item, Struct before) {
        try {
            return (Struct) item.getClass().getMethod("into", Struct.class).invoke(item, before);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(item.toString(), e);
        }
    }

    private static Bytes toBytes(Object item, Bitness bitness) {
        try {
            return (Bytes)
                    item.getClass().getMethod("toBytes", Bitness.class).invoke(item, bitness);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(item.toString(), e);
        }
    }
}
