package dev.cardea.server.turn;

import dev.cardea.rtc.turn.UserDirectory;
import dev.cardea.server.proxy.Passwords;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * The users that the application's backend knows: what it said is kept for a moment, for those who
 * wait and those who come right after. One for each loop.
 */
final class BackendUsers implements UserDirectory {
    private static final int MAX_KEPT = 1024;
    private static final long KNOWN_NANOS = Duration.ofSeconds(30).toNanos();
    private static final long NOBODY_NANOS = Duration.ofSeconds(5).toNanos();
    private static final long UNREACHABLE_NANOS = Duration.ofSeconds(1).toNanos();

    private record Kept(Entry entry, long untilNanos) {}

    private final Passwords passwords;
    private final String realm;
    private final Executor loop;
    private final LongSupplier clock;
    private final Map<String, List<LongConsumer>> asked = new HashMap<>();
    private final Map<String, Kept> kept =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Kept> eldest) {
                    return size() > MAX_KEPT;
                }
            };

    /**
     * @param clock in nanoseconds
     */
    BackendUsers(Passwords passwords, String realm, Executor loop, LongSupplier clock) {
        this.passwords = passwords;
        this.realm = realm;
        this.loop = loop;
        this.clock = clock;
    }

    @Override
    public Entry find(String name) {
        Kept known = kept.get(name);
        if (known == null || known.untilNanos() - clock.getAsLong() <= 0) return new NotAsked();
        return known.entry();
    }

    @Override
    public void ask(String name, LongConsumer then) {
        List<LongConsumer> others = asked.get(name);
        if (others != null) {
            others.add(then);
            return;
        }
        asked.put(name, new ArrayList<>(List.of(then)));
        var _ =
                passwords
                        .of(name, realm)
                        .<Entry>thenApply(
                                found -> found.<Entry>map(Known::new).orElseGet(Nobody::new))
                        .exceptionally(_ -> new Unreachable())
                        .thenAccept(entry -> later(name, entry));
    }

    private void later(String name, Entry entry) {
        try {
            loop.execute(() -> told(name, entry));
        } catch (RejectedExecutionException _) {
            // the loop has ended, and its clients with it
        }
    }

    private void told(String name, Entry entry) {
        long now = clock.getAsLong();
        kept.remove(name); // the newest is the last to go
        kept.put(name, new Kept(entry, now + goodForNanos(entry)));
        List<LongConsumer> waiting = asked.remove(name);
        if (waiting != null) waiting.forEach(each -> each.accept(now));
    }

    private static long goodForNanos(Entry entry) {
        return switch (entry) {
            case Known _ -> KNOWN_NANOS;
            case Nobody _ -> NOBODY_NANOS;
            case Unreachable _, NotAsked _ -> UNREACHABLE_NANOS;
        };
    }
}
