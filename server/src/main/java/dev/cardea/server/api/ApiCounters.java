package dev.cardea.server.api;

import dev.cardea.messaging.session.Refusal;
import java.util.Map;
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
