package dev.cardea.server.acme;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** There is no certificate this time. */
final class AcmeFailure extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean isUnreachable;
    private final transient @Nullable Instant retryAfter;

    /**
     * @param isUnreachable the authority has not been asked
     * @param retryAfter when the authority wants to be asked again; null: it hasn't said
     */
    AcmeFailure(String reason, boolean isUnreachable, @Nullable Instant retryAfter) {
        super(reason, null, false, false);
        this.isUnreachable = isUnreachable;
        this.retryAfter = retryAfter;
    }

    boolean isUnreachable() {
        return isUnreachable;
    }

    @Nullable Instant retryAfter() {
        return retryAfter;
    }
}
