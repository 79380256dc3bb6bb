package dev.cardea.server.auth;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A key pair made by {@code openssl}, and tokens signed by it: nothing here shares code with what
 * verifies them.
 */
final class OpenSsl {
    private final Path key;
    private final Path publicKey;

    private OpenSsl(Path key) {
        this.key = key;
        this.publicKey = key.resolveSibling(key.getFileName() + ".pub");
        run("openssl", "pkey", "-in", key.toString(), "-pubout", "-out", publicKey.toString());
    }

    static OpenSsl rsa(Path folder, int bits) {
        return made(folder, "rsa" + bits, "RSA", "rsa_keygen_bits:" + bits);
    }

    /**
     * @param curve as {@code P-256}
     */
    static OpenSsl ec(Path folder, String curve) {
        return made(folder, curve, "EC", "ec_paramgen_curve:" + curve);
    }

    static OpenSsl ed25519(Path folder) {
        return made(folder, "ed25519", "ED25519", "");
    }

    static OpenSsl made(Path folder, String name, String algorithm, String option) {
        Path key = folder.resolve(name + "-" + System.nanoTime() + ".pem");
        List<String> command =
                new ArrayList<>(
                        List.of("openssl", "genpkey", "-algorithm", algorithm, "-out", "" + key));
        if (!option.isEmpty()) command.addAll(List.of("-pkeyopt", option));
        run(command.toArray(String[]::new));
        return new OpenSsl(key);
    }

    Path privateKeyFile() {
        return key;
    }

    String publicPem() {
        return text(publicKey);
    }

    String pkcs1Pem() {
        Path out = key.resolveSibling("pkcs1.pem");
        run("openssl", "rsa", "-in", key.toString(), "-RSAPublicKey_out", "-out", out.toString());
        return text(out);
    }

    String certificatePem() {
        Path out = key.resolveSibling("certificate.pem");
        run(
                "openssl",
                "req",
                "-x509",
                "-new",
                "-key",
                key.toString(),
                "-days",
                "1",
                "-subj",
                "/CN=test",
                "-out",
                out.toString());
        return text(out);
    }

    /** The public key as DER: SubjectPublicKeyInfo. */
    byte[] publicDer() {
        Path out = key.resolveSibling("public.der");
        run(
                "openssl",
                "pkey",
                "-in",
                key.toString(),
                "-pubout",
                "-outform",
                "DER",
                "-out",
                out.toString());
        return bytes(out);
    }

    /**
     * A token with a header of this algorithm, or of none of its own if {@code header} is given.
     */
    String token(String algorithm, String claims) {
        return token(algorithm, "{\"alg\":\"" + algorithm + "\"}", claims);
    }

    String token(String algorithm, String header, String claims) {
        String signed =
                HandMadeToken.base64(utf8(header)) + "." + HandMadeToken.base64(utf8(claims));
        return signed + "." + HandMadeToken.base64(signature(algorithm, signed));
    }

    private byte[] signature(String algorithm, String signed) {
        Path in = key.resolveSibling("signed");
        Path out = key.resolveSibling("signature");
        try {
            Files.write(in, utf8(signed));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (algorithm.startsWith("Ed")) {
            run(
                    "openssl",
                    "pkeyutl",
                    "-sign",
                    "-rawin",
                    "-inkey",
                    key.toString(),
                    "-in",
                    in.toString(),
                    "-out",
                    out.toString());
            return bytes(out);
        }
        String hash = "-sha" + algorithm.substring(2);
        run("openssl", "dgst", hash, "-sign", key.toString(), "-out", "" + out, "" + in);
        return algorithm.startsWith("ES") ? joined(bytes(out), algorithm) : bytes(out);
    }

    /** RFC 7518 section 3.4: R and S, each as long as the curve is wide, and not DER. */
    private static byte[] joined(byte[] der, String algorithm) {
        int size =
                switch (algorithm) {
                    case "ES256" -> 32;
                    case "ES384" -> 48;
                    default -> 66;
                };
        byte[] joined = new byte[2 * size];
        int at = der[1] < 0 ? 3 : 2;
        for (int part = 0; part < 2; part++) {
            int length = der[at + 1];
            byte[] number = new BigInteger(1, der, at + 2, length).toByteArray();
            int zeros = number.length > size ? number.length - size : 0;
            int kept = number.length - zeros;
            System.arraycopy(number, zeros, joined, (part + 1) * size - kept, kept);
            at += 2 + length;
        }
        return joined;
    }

    private static void run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroy();
                throw new AssertionError("failed: " + String.join(" ", command));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String text(Path file) {
        return new String(bytes(file), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
