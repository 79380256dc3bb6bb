package dev.cardea.server.auth;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key set at one address: fetched when it is needed, kept for an hour, fetched again for a key
 * that isn't in it. While the address can't be reached, the last set that was got goes on. Never
 * more than one fetch at a time; thread safe. Reads no clock: times are Unix seconds.
 */
final class KeyEndpoint {
    /** How long a set is taken without asking again, as by Centrifugo. */
    static final long FRESH_SECONDS = 3600;

    /** Between two fetches for keys that aren't in the set: anybody can name such a key. */
    static final long UNKNOWN_KEY_SECONDS = 10;

    /** After a fetch that failed. */
    static final long RETRY_SECONDS = 1;

    private static final Logger log = LoggerFactory.getLogger(KeyEndpoint.class);
    private static final long NEVER = Long.MIN_VALUE / 2;

    private final URI address;
    private final KeySetFetch fetch;

    // all under the object's lock
    private PublishedKeys last = PublishedKeys.NONE;
    private long fetchedSeconds = NEVER;
    private long nextSeconds = NEVER;
    private boolean isFailing;
    private @Nullable CompletableFuture<PublishedKeys> underway;

    KeyEndpoint(URI address, KeySetFetch fetch) {
        this.address = address;
        this.fetch = fetch;
    }

    /** It can't be told now whether there is such a key: the client may come back. */
    static final class Unavailable extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unavailable(String message) {
            super(message, null, false, false);
        }
    }

    /** The keys of an id; the stage fails if the set can't be got. */
    CompletionStage<List<VerificationKey>> find(String kid, long nowSeconds) {
        PublishedKeys known;
        CompletableFuture<PublishedKeys> fetched;
        synchronized (this) {
            known = last;
            boolean isKnown = known.has(kid);
            if (isKnown && isFresh(nowSeconds)) return now(known.find(kid));
            boolean wasFailing = isFailing;
            fetched = fetched(nowSeconds);
            if (isKnown && (wasFailing || fetched == null)) return now(known.find(kid));
        }
        if (fetched == null) {
            return CompletableFuture.failedFuture(
                    new Unavailable("the key set was asked for a moment ago"));
        }
        return fetched.handle((got, failure) -> {
            if (failure == null) return got.find(kid);
            if (known.has(kid)) return known.find(kid);
            throw new CompletionException(failure);
        });
    }

    /** Also after the time of day was set back. */
    private boolean isFresh(long nowSeconds) {
        long age = nowSeconds - fetchedSeconds;
        return age >= 0 && age < FRESH_SECONDS;
    }

    /** The fetch that is under way, or a new one; null if it is too early for one. */
    private @Nullable CompletableFuture<PublishedKeys> fetched(long nowSeconds) {
        if (underway != null) return underway;
        boolean isSetBack = nextSeconds - nowSeconds > UNKNOWN_KEY_SECONDS;
        if (nowSeconds < nextSeconds && !isSetBack) return null;
        CompletableFuture<PublishedKeys> outcome = new CompletableFuture<>();
        underway = outcome;
        fetch.get(address)
                .whenComplete((body, failure) -> arrived(body, failure, nowSeconds, outcome));
        return outcome;
    }

    private void arrived(
            byte @Nullable [] body,
            @Nullable Throwable failure,
            long nowSeconds,
            CompletableFuture<PublishedKeys> outcome) {
        PublishedKeys got = null;
        String why = failure == null ? "" : reason(failure);
        if (body != null) {
            try {
                got = PublishedKeys.read(body);
            } catch (IOException e) {
                why = String.valueOf(e.getMessage());
            }
        }
        synchronized (this) {
            underway = null;
            report(got, why);
            isFailing = got == null;
            nextSeconds = nowSeconds + (got == null ? RETRY_SECONDS : UNKNOWN_KEY_SECONDS);
            if (got != null) {
                last = got;
                fetchedSeconds = nowSeconds;
            }
        }
        if (got == null) outcome.completeExceptionally(new Unavailable(why));
        else outcome.complete(got);
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure.getCause();
        Throwable first = failure instanceof CompletionException && cause != null ? cause : failure;
        return first.getClass().getSimpleName() + ": " + first.getMessage();
    }

    /** When it fails and when it is back, not each time. */
    private void report(@Nullable PublishedKeys got, String why) {
        if (got == null) {
            if (!isFailing) {
                log.warn(
                        "key set can't be got address={} known_keys={} reason=\"{}\"",
                        address,
                        last.byId().size(),
                        why);
            }
        } else if (isFailing || !got.byId().keySet().equals(last.byId().keySet())) {
            log.info("key set fetched address={} keys={}", address, got.byId().keySet());
        }
    }

    private static CompletionStage<List<VerificationKey>> now(List<VerificationKey> keys) {
        return CompletableFuture.completedFuture(keys);
    }
}
