package dev.cardea.server.acme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.server.tls.DevelopmentCertificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RenewalTest {
    private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");

    /** Valid from an hour before for ten days: 241 hours. */
    private static final X509Certificate CERTIFICATE =
            DevelopmentCertificate.make(NOW).material().chain().getFirst();

    @Test
    void itIsDueAfterTwoThirdsOfItsLife() {
        Duration life = Duration.ofHours(241);
        assertThat(Renewal.of(CERTIFICATE))
                .isEqualTo(NOW.minus(Duration.ofHours(1)).plus(life.dividedBy(3).multipliedBy(2)));
    }

    @Test
    void oneThatComesOldIsNotRenewedAtOnce() {
        assertThat(Renewal.ofNew(CERTIFICATE, NOW)).isEqualTo(Renewal.of(CERTIFICATE));
        Instant late = NOW.plus(Duration.ofDays(9));
        assertThat(Renewal.ofNew(CERTIFICATE, late))
                .isEqualTo(late.plus(Duration.ofHours(241).dividedBy(10)));
    }
}
