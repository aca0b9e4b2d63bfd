// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.evidence;

import org.jspecify.annotations.Nullable;
import org.provisor.model.Json;
import org.provisor.proofs.activity.Result;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// An in-toto statement about a pack's list of digests, in a DSSE envelope; signed with Ed25519 if
/// there is a key.
final class Statement {

    private static final String TYPE = "application/vnd.in-toto+json";

    private Statement() {}

    /// What is said of a pack.
    ///
    /// @param manifest the bytes of its list of digests
    static String payload(byte[] manifest, Identity identity, List<Result> results) {
        List<Object> verdicts = new ArrayList<>();
        boolean failed = false;
        for (Result result : results) {
            failed |= result.verdict() == Result.Verdict.FAILED;
            verdicts.add(
                    Ordered.map()
                            .put("activity", result.activity())
                            .put("verdict", result.verdict().text())
                            .done());
        }
        Object subject =
                Ordered.map()
                        .put("name", Pack.MANIFEST)
                        .put("digest", Map.of("sha256", Digests.of(manifest)))
                        .done();
        Object predicate =
                Ordered.map()
                        .put("result", failed ? "FAILED" : "PASSED")
                        .put("version", identity.version())
                        .put("commit", identity.commit())
                        .put("activities", verdicts)
                        .done();
        return Json.write(
                Ordered.map()
                        .put("_type", "https://in-toto.io/Statement/v1")
                        .put("subject", List.of(subject))
                        .put("predicateType", "https://in-toto.io/attestation/test-result/v0.1")
                        .put("predicate", predicate)
                        .done());
    }

    /// The envelope around a payload.
    static String envelope(String payload, @Nullable PrivateKey key) {
        byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
        List<Object> signatures = new ArrayList<>();
        if (key != null) {
            signatures.add(Map.of("sig", base64(signed(bytes, key))));
        }
        return envelope(bytes, signatures);
    }

    private static String envelope(byte[] payload, List<Object> signatures) {
        return Json.write(
                Ordered.map()
                        .put("payloadType", TYPE)
                        .put("payload", base64(payload))
                        .put("signatures", signatures)
                        .done());
    }

    /// What is wrong with an envelope; empty if it is what it should be.
    ///
    /// @param text the envelope
    /// @param payload what it should hold
    /// @param key whose signature it should have; none if it may be unsigned
    static String wrong(String text, String payload, @Nullable PublicKey key) {
        byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
        List<Object> signatures = new ArrayList<>();
        try {
            if (Json.read(text) instanceof Map<?, ?> map
                    && map.get("signatures") instanceof List<?> list) {
                signatures.addAll(list);
            }
        } catch (IllegalArgumentException e) {
            return "is no JSON: " + e.getMessage();
        }
        if (!envelope(bytes, signatures).equals(text)) {
            return "does not say what the pack says";
        }
        if (key == null) {
            return signatures.isEmpty() ? "" : "is signed: --key says by whom";
        }
        if (signatures.size() == 1
                && signatures.getFirst() instanceof Map<?, ?> signature
                && signature.get("sig") instanceof String sig
                && signature.size() == 1
                && verified(bytes, sig, key)) {
            return "";
        }
        return "is not signed with this key";
    }

    /// What is signed: the type and the payload, each with its length before it.
    private static byte[] encoded(byte[] payload) {
        String head = "DSSEv1 " + TYPE.length() + " " + TYPE + " " + payload.length + " ";
        byte[] start = head.getBytes(StandardCharsets.UTF_8);
        byte[] all = new byte[start.length + payload.length];
        System.arraycopy(start, 0, all, 0, start.length);
        System.arraycopy(payload, 0, all, start.length, payload.length);
        return all;
    }

    private static byte[] signed(byte[] payload, PrivateKey key) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(key);
            signature.update(encoded(payload));
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("cannot sign with this key: " + e.getMessage(), e);
        }
    }

    private static boolean verified(byte[] payload, String signature, PublicKey key) {
        try {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(key);
            verifier.update(encoded(payload));
            return verifier.verify(Base64.getDecoder().decode(signature));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
