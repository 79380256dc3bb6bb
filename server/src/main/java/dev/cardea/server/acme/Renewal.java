package dev.cardea.server.acme;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/** When a certificate is renewed: after two thirds of its life. Time is an argument. */
final class Renewal {
    /** Whatever an authority issues, it isn't asked again before a part of that has passed. */
    private static final int PAUSE_PART = 10;

    private static final Duration LEAST_PAUSE = Duration.ofSeconds(5);

    private Renewal() {}

    static Instant of(X509Certificate certificate) {
        return certificate
                .getNotBefore()
                .toInstant()
                .plus(life(certificate).dividedBy(3).multipliedBy(2));
    }

    /** Of one that was issued now. */
    static Instant ofNew(X509Certificate certificate, Instant now) {
        Duration pause = life(certificate).dividedBy(PAUSE_PART);
        if (pause.compareTo(LEAST_PAUSE) < 0) pause = LEAST_PAUSE;
        Instant earliest = now.plus(pause);
        Instant due = of(certificate);
        return due.isBefore(earliest) ? earliest : due;
    }

    private static Duration life(X509Certificate certificate) {
        return Duration.between(
                certificate.getNotBefore().toInstant(), certificate.getNotAfter().toInstant());
    }
}
