package dev.cardea.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.MessageDigest;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.junit.jupiter.api.Test;

class DevelopmentCertificateTest {
    private static final Instant NOW = Instant.parse("2026-02-03T04:05:06Z");

    private final DevelopmentCertificate made = DevelopmentCertificate.make(NOW);
    private final X509Certificate certificate = made.material().chain().getFirst();

    @Test
    void itIsWhatBrowsersTakeByItsHash() throws Exception {
        certificate.verify(certificate.getPublicKey());
        assertThat(certificate.getVersion()).isEqualTo(3);
        assertThat(certificate.getSigAlgName()).isEqualTo("SHA256withECDSA");
        ECPublicKey key = (ECPublicKey) certificate.getPublicKey();
        assertThat(key.getParams().getOrder().bitLength()).isEqualTo(256);
        Duration valid =
                Duration.between(
                        certificate.getNotBefore().toInstant(),
                        certificate.getNotAfter().toInstant());
        assertThat(valid).isLessThan(Duration.ofDays(14));
        assertThat(made.sha256())
                .isEqualTo(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
    }

    @Test
    void itIsForThisMachine() throws Exception {
        assertThat(certificate.getSubjectAlternativeNames())
                .extracting(name -> String.valueOf(name.get(1)))
                .containsExactly("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");
    }

    @Test
    void itIsRenewedLongBeforeItExpires() throws Exception {
        certificate.checkValidity(Date.from(NOW));
        assertThat(made.isOld(NOW.plus(Duration.ofDays(4)))).isFalse();
        assertThat(made.isOld(NOW.plus(Duration.ofDays(5)))).isTrue();
        certificate.checkValidity(Date.from(NOW.plus(Duration.ofDays(9))));
        assertThatThrownBy(
                        () -> certificate.checkValidity(Date.from(NOW.minus(Duration.ofHours(2)))))
                .isInstanceOf(CertificateNotYetValidException.class);
    }

    @Test
    void eachHasItsOwnKeyAndNumber() {
        X509Certificate other = DevelopmentCertificate.make(NOW).material().chain().getFirst();
        assertThat(other.getSerialNumber()).isNotEqualTo(certificate.getSerialNumber());
        assertThat(other.getPublicKey()).isNotEqualTo(certificate.getPublicKey());
    }
}
