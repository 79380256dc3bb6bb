package dev.cardea.messaging.auth;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * The revocations of one node, which forgets them when it ends. One that holds is never dropped to
 * make room for another: what is refused is the new one.
 */
public final class MemoryRevocations implements Revocations {
    private record Whose(String user, String channel) {}

    private record Before(long issuedBeforeSeconds, long expireAtSeconds) {
        /** Both hold, each for as long as it was to. */
        Before and(Before other) {
            return new Before(
                    Math.max(issuedBeforeSeconds, other.issuedBeforeSeconds),
                    later(expireAtSeconds, other.expireAtSeconds));
        }
    }

    private final int most;
    private final LongSupplier unixSeconds;
    private final Map<String, Long> tokens = new ConcurrentHashMap<>();
    private final Map<Whose, Before> users = new ConcurrentHashMap<>();
    private final List<Function<Revocation, CompletionStage<?>>> listeners =
            new CopyOnWriteArrayList<>();

    /**
     * @param most that are kept
     */
    public MemoryRevocations(int most, LongSupplier unixSeconds) {
        this.most = most;
        this.unixSeconds = unixSeconds;
    }

    @Override
    public boolean cover(TokenId token, String user, String channel) {
        if (tokens.isEmpty() && users.isEmpty()) return false;
        long now = unixSeconds.getAsLong();
        Long expires = token.id().isEmpty() ? null : tokens.get(token.id());
        if (expires != null && holds(expires, now)) return true;
        return isBefore(new Whose(user, ""), token, now)
                || (!channel.isEmpty() && isBefore(new Whose(user, channel), token, now));
    }

    private boolean isBefore(Whose whose, TokenId token, long now) {
        Before before = users.get(whose);
        return before != null
                && holds(before.expireAtSeconds(), now)
                && token.issuedAtSeconds() < before.issuedBeforeSeconds();
    }

    private static boolean holds(long expireAtSeconds, long now) {
        return expireAtSeconds == 0 || now < expireAtSeconds;
    }

    private static long later(long a, long b) {
        return a == 0 || b == 0 ? 0 : Math.max(a, b);
    }

    @Override
    public CompletionStage<Boolean> add(Revocation revocation) {
        synchronized (this) {
            if (isFull()) forgetExpired();
            if (isFull()) return CompletableFuture.completedFuture(false);
            switch (revocation) {
                case Revocation.OfToken(String id, long expires) ->
                        tokens.merge(id, expires, MemoryRevocations::later);
                case Revocation.OfUser(String user, String channel, long before, long expires) ->
                        users.merge(
                                new Whose(user, channel), new Before(before, expires), Before::and);
            }
        }
        CompletionStage<Boolean> told = CompletableFuture.completedFuture(true);
        for (Function<Revocation, CompletionStage<?>> listener : listeners) {
            told = told.thenCombine(listener.apply(revocation), (_, _) -> true);
        }
        return told;
    }

    private boolean isFull() {
        return size() >= most;
    }

    private void forgetExpired() {
        long now = unixSeconds.getAsLong();
        tokens.values().removeIf(expires -> !holds(expires, now));
        users.values().removeIf(before -> !holds(before.expireAtSeconds(), now));
    }

    int size() {
        return tokens.size() + users.size();
    }

    @Override
    public void onAdded(Function<Revocation, CompletionStage<?>> listener) {
        listeners.add(listener);
    }
}
