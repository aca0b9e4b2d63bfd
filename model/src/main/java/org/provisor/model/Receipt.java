// SPDX-License-Identifier: Apache-2.0
package org.provisor.model;

import org.provisor.model.bridge.Bridged;
import org.provisor.model.bridge.Mismatch;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// What was run and what came of it, to be kept.
public final class Receipt {

    private Receipt() {}

    /// As JSON: the digests of the models, each command with each solver's answer, what was
    /// bridged.
    public static String of(List<Ran> ran, List<Bridged> bridged) {
        Map<String, Object> receipt = new LinkedHashMap<>();
        receipt.put("alloy", "6.2.0");
        receipt.put("java", Runtime.version().toString());
        Map<String, Object> models = new LinkedHashMap<>();
        TreeSet<String> names = new TreeSet<>();
        ran.forEach(each -> names.add(each.entry().model()));
        bridged.forEach(each -> names.add(each.model()));
        names.forEach(name -> models.put(name + ".als", digest(Models.text(name))));
        receipt.put("sha256", models);
        receipt.put("commands", ran.stream().map(Ran::json).toList());
        receipt.put("bridge", bridged.stream().map(Receipt::json).toList());
        return Json.write(receipt);
    }

    private static Map<String, Object> json(Bridged bridged) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("file", bridged.model() + ".als");
        json.put("way", bridged.way().toString());
        json.put("frames", bridged.frames());
        json.put("checked", bridged.checked());
        json.put("taken", bridged.taken());
        json.put("refused", bridged.refused());
        json.put("complete", bridged.complete());
        json.put("seconds", Math.round(bridged.seconds() * 1000) / 1000.0);
        json.put("mismatches", bridged.mismatches().stream().map(Mismatch::what).toList());
        return json;
    }

    private static String digest(String text) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
