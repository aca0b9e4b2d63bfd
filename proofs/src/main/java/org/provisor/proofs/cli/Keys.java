// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/// Ed25519 keys, as `openssl genpkey -algorithm ed25519` and `openssl pkey -pubout` write them.
final class Keys {

    private Keys() {}

    /// @throws BadInput if the file holds none
    static PrivateKey privateKey(Path file) {
        try {
            return KeyFactory.getInstance("Ed25519")
                    .generatePrivate(new PKCS8EncodedKeySpec(bytes(file, "PRIVATE KEY")));
        } catch (GeneralSecurityException e) {
            throw new BadInput(file + " holds no Ed25519 private key");
        }
    }

    /// @throws BadInput if the file holds none
    static PublicKey publicKey(Path file) {
        try {
            return KeyFactory.getInstance("Ed25519")
                    .generatePublic(new X509EncodedKeySpec(bytes(file, "PUBLIC KEY")));
        } catch (GeneralSecurityException e) {
            throw new BadInput(file + " holds no Ed25519 public key");
        }
    }

    private static byte[] bytes(Path file, String kind) {
        try {
            String text = Files.readString(file);
            String begin = "-----BEGIN " + kind + "-----";
            String end = "-----END " + kind + "-----";
            int from = text.indexOf(begin);
            int to = text.indexOf(end);
            if (from < 0 || to < from) {
                throw new BadInput(file + " holds no " + begin);
            }
            return Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to));
        } catch (IOException e) {
            throw new BadInput("cannot read " + file);
        }
    }
}
