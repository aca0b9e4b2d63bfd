// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.MemoryCalls.ARG;
import static org.provisor.spec.example.MemoryCalls.FRAMES;
import static org.provisor.spec.example.MemoryCalls.extents;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.Bitness;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.MemoryCommand;
import org.provisor.spec.abi.MemoryExchange;
import org.provisor.spec.abi.MemoryReservation;
import org.provisor.spec.state.VcpuId;

/// Examples that are calls of `XENMEM_exchange`, and what comes of such calls in words. The frames
/// to give are listed at {@link MemoryCalls#FRAMES}, the numbers of those wanted at {@link
/// #WANTED}.
final class ExchangeCalls {

    /// Where the second list is.
    static final GuestAddress WANTED = new GuestAddress(0x50000);

    /// Where the count of extents given is.
    static final GuestAddress COUNT = ARG.plus(64);

    private ExchangeCalls() {}

    /// So many extents wanted.
    static MemoryReservation wanted(long count, long order) {
        return MemoryCalls.at(WANTED, extents(count, order));
    }

    /// The memory with the structure: these extents for those, so many given before.
    static Scene asking(Scene scene, MemoryReservation in, MemoryReservation out, long done) {
        MemoryExchange exchange = new MemoryExchange(in, out, done);
        return scene.structure(ARG, exchange.toBytes(Bitness.BITS_64));
    }

    /// The usual machine with both lists.
    static Scene listing(Vector<Long> frames, Vector<Long> numbers) {
        return listing(Scene.usual(), frames, numbers);
    }

    /// A machine with both lists.
    static Scene listing(Scene scene, Vector<Long> frames, Vector<Long> numbers) {
        return MemoryCalls.listing(
                WANTED, MemoryCalls.listing(FRAMES, scene, array(frames)), array(numbers));
    }

    private static long[] array(Vector<Long> numbers) {
        long[] all = new long[numbers.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = numbers.get(i);
        }
        return all;
    }

    /// The first vCPU of a domain makes the call.
    static Example by(VcpuId by, String row, String title, Scene scene) {
        return MemoryCalls.by(by, "mm." + row, title, scene, MemoryCommand.EXCHANGE);
    }

    /// So many extents have been given.
    static String counted(long extents) {
        return "write " + extents + " at " + COUNT + ", 8 bytes";
    }

    /// The call is to be made again as it is.
    static String again() {
        return MemoryCalls.again(MemoryCommand.EXCHANGE, 0);
    }

    /// An entry of the second list says where the extent is.
    static String told(int entry, long mfn) {
        return MemoryCalls.told(WANTED, entry, mfn);
    }

    /// A free frame is d1's now, and has a number.
    static Vector<String> gained(long frame, long number) {
        return MemoryCalls.gained(1, frame).append(MemoryCalls.numbered(frame, number));
    }
}
