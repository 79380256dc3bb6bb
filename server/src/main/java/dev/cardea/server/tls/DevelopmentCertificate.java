package dev.cardea.server.tls;

import static dev.cardea.server.tls.Der.ALTERNATIVE_NAMES;
import static dev.cardea.server.tls.Der.DNS_NAME;
import static dev.cardea.server.tls.Der.ECDSA_WITH_SHA256;
import static dev.cardea.server.tls.Der.INTEGER;
import static dev.cardea.server.tls.Der.OCTET_STRING;
import static dev.cardea.server.tls.Der.SEQUENCE;
import static dev.cardea.server.tls.Der.SET;
import static dev.cardea.server.tls.Der.UTC_TIME;
import static dev.cardea.server.tls.Der.UTF8_STRING;
import static dev.cardea.server.tls.Der.element;
import static dev.cardea.server.tls.Der.hex;
import static dev.cardea.server.tls.Der.text;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/**
 * A certificate for this machine alone, signed by itself, that browsers take when a page names its
 * hash: {@code serverCertificateHashes} of WebTransport wants an ECDSA key of P-256, and less than
 * two weeks. Written with the JDK's means (RFC 5280 section 4.1).
 */
public final class DevelopmentCertificate {
    /** A browser allows 14 days. */
    private static final Duration VALID = Duration.ofDays(10);

    /** Clocks differ. */
    private static final Duration BEFORE = Duration.ofHours(1);

    private static final DateTimeFormatter UTC =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private static final byte[] VERSION_3 = hex("a003020102");
    private static final byte[] COMMON_NAME = hex("0603550403");
    private static final byte[] IPV4_LOOPBACK = hex("87047f000001");
    private static final byte[] IPV6_LOOPBACK = hex("871000000000000000000000000000000001");

    private static final int EXTENSIONS = 0xa3;

    private final TlsMaterial material;
    private final byte[] sha256;
    private final Instant renewAt;

    private DevelopmentCertificate(TlsMaterial material, byte[] sha256, Instant renewAt) {
        this.material = material;
        this.sha256 = sha256;
        this.renewAt = renewAt;
    }

    /** A new one, valid from now on, with a new key. */
    public static DevelopmentCertificate make(Instant now) {
        try {
            KeyPair pair = CertificateRequest.newKey();
            byte[] content = content(now, pair, new BigInteger(63, new SecureRandom()));
            byte[] der = CertificateRequest.signed(pair, content);
            X509Certificate certificate =
                    (X509Certificate)
                            CertificateFactory.getInstance("X.509")
                                    .generateCertificate(new ByteArrayInputStream(der));
            byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(der);
            TlsMaterial material =
                    new TlsMaterial(List.of(certificate), pair.getPrivate(), List.of());
            return new DevelopmentCertificate(material, sha256, now.plus(VALID.dividedBy(2)));
        } catch (GeneralSecurityException e) {
            throw new LinkageError("the JDK can't make a certificate", e);
        }
    }

    private static byte[] content(Instant now, KeyPair pair, BigInteger serial) {
        byte[] name =
                element(
                        SEQUENCE,
                        element(
                                SET,
                                element(
                                        SEQUENCE,
                                        COMMON_NAME,
                                        text(UTF8_STRING, "Cardea development"))));
        byte[] validity = element(SEQUENCE, time(now.minus(BEFORE)), time(now.plus(VALID)));
        byte[] names = element(SEQUENCE, text(DNS_NAME, "localhost"), IPV4_LOOPBACK, IPV6_LOOPBACK);
        byte[] extensions =
                element(
                        EXTENSIONS,
                        element(
                                SEQUENCE,
                                element(
                                        SEQUENCE,
                                        ALTERNATIVE_NAMES,
                                        element(OCTET_STRING, names))));
        return element(
                SEQUENCE,
                VERSION_3,
                element(INTEGER, serial.add(BigInteger.ONE).toByteArray()),
                ECDSA_WITH_SHA256,
                name,
                validity,
                name,
                pair.getPublic().getEncoded(),
                extensions);
    }

    private static byte[] time(Instant instant) {
        return text(UTC_TIME, UTC.format(instant));
    }

    public TlsMaterial material() {
        return material;
    }

    /** Of the whole certificate, as pages name it. */
    public byte[] sha256() {
        return sha256.clone();
    }

    /** Half its time is over. */
    public boolean isOld(Instant now) {
        return !now.isBefore(renewAt);
    }
}
