package dev.cardea.server.api;

import dev.cardea.messaging.session.Durations;
import dev.cardea.messaging.session.Refusal;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Calls of the HTTP API, by method and outcome. Thread safe, without contention. */
public final class ApiCounters {
    /**
     * How a method's calls ended.
     *
     * @param code 0: with a result; otherwise the error's
     */
    public record Outcome(String method, int code) {}

    private final Map<Outcome, LongAdder> calls = new ConcurrentHashMap<>();
    private final Map<ApiMethod, Durations> durations = new EnumMap<>(ApiMethod.class);

    public ApiCounters() {
        for (ApiMethod method : ApiMethod.values()) durations.put(method, new Durations());
    }

    void took(ApiMethod method, long nanos) {
        Objects.requireNonNull(durations.get(method)).add(nanos);
    }

    /** What calls took, by method; only those that were called. */
    public Map<String, Durations> durations() {
        Map<String, Durations> called = new TreeMap<>();
        durations.forEach((method, each) -> {
            if (each.count() > 0) called.put(method.jsonName(), each);
        });
        return called;
    }

    void succeeded(ApiMethod method) {
        count(method, 0);
    }

    void failed(ApiMethod method, Refusal why) {
        count(method, why.code());
    }

    private void count(ApiMethod method, int code) {
        calls.computeIfAbsent(new Outcome(method.jsonName(), code), _ -> new LongAdder())
                .increment();
    }

    /** Grows only, up to methods times errors. */
    public Map<Outcome, LongAdder> calls() {
        return calls;
    }
}
