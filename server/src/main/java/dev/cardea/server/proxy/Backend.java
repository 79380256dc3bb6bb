package dev.cardea.server.proxy;

import dev.cardea.messaging.auth.Fault;
import dev.cardea.messaging.auth.Peer;
import dev.cardea.messaging.hook.Answer;
import dev.cardea.server.config.CircuitBreakerConfig;
import dev.cardea.server.config.ProxyConfig;
import dev.cardea.server.config.StatusTransformConfig;
import dev.cardea.server.proxy.BackendFailure.Reason;
import dev.cardea.server.trace.Span;
import dev.cardea.server.trace.Traces;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One proxy's endpoint. A call has a virtual thread of its own; how many are under way, how long
 * one takes and how long its answer may be is bounded, and a backend that fails is left alone for a
 * while. Thread safe.
 */
final class Backend {
    /** Calls that may wait for their turn, for each that may be under way. */
    private static final int WAITING = 16;

    private final ProxyKind kind;
    private final String name;
    private final ProxyConfig config;
    private final Connections connections;
    private final ProxyCounters.Calls calls;
    private final Traces traces;
    private final ProxyHeaders headers;
    private final CircuitBreaker breaker;
    private final Semaphore turns;
    private final Semaphore places;
    private final FailureLog failures;

    Backend(
            ProxyKind kind,
            String name,
            ProxyConfig config,
            Connections connections,
            ProxyCounters counters,
            Traces traces) {
        this.kind = kind;
        this.name = name;
        this.config = config;
        this.connections = connections;
        this.calls = counters.of(kind, name);
        this.traces = traces;
        this.headers = new ProxyHeaders(config);
        CircuitBreakerConfig circuit = config.circuitBreaker();
        this.breaker = new CircuitBreaker(circuit.failures(), circuit.openFor().toNanos());
        this.turns = new Semaphore(config.maxConcurrentCalls(), true);
        this.places = new Semaphore(config.maxConcurrentCalls() * (1 + WAITING));
        this.failures = new FailureLog(kind, name);
    }

    ProxyConfig config() {
        return config;
    }

    /**
     * Asks. From any thread; returns at once. Completes with a {@link BackendFailure} if there is
     * no answer.
     *
     * @param reader takes the answer's body; throws {@link Malformed} for what it doesn't know
     */
    <T> CompletionStage<Answer<T>> ask(Peer peer, Bytes body, Function<Bytes, Answer<T>> reader) {
        CompletableFuture<Answer<T>> answer = new CompletableFuture<>();
        if (!breaker.admits(System.nanoTime())) {
            fail(answer, new BackendFailure(Reason.CIRCUIT_OPEN, "it failed too often"));
        } else if (!places.tryAcquire()) {
            breaker.abandoned();
            fail(answer, new BackendFailure(Reason.OVERLOADED, "too many calls wait already"));
        } else {
            var _ =
                    Thread.ofVirtual()
                            .name("proxy-" + kind.label())
                            .start(() -> answer(peer, body, reader, answer));
        }
        return answer;
    }

    private <T> void answer(
            Peer peer,
            Bytes body,
            Function<Bytes, Answer<T>> reader,
            CompletableFuture<Answer<T>> answer) {
        calls.began();
        long beganNanos = System.nanoTime();
        Runnable outcome = outcome(peer, body, reader, answer);
        places.release();
        calls.ended(System.nanoTime() - beganNanos);
        outcome.run();
    }

    /** What is left to do is to tell it. */
    private <T> Runnable outcome(
            Peer peer,
            Bytes body,
            Function<Bytes, Answer<T>> reader,
            CompletableFuture<Answer<T>> answer) {
        Span span = traces.call(kind.label(), name, config.endpoint());
        try {
            Answer<T> given = inTurn(peer, body, reader, span);
            if (breaker.succeeded()) failures.isBack();
            span.end();
            return () -> answer.complete(given);
        } catch (BackendFailure e) {
            span.failed(e.reason().label());
            return () -> fail(answer, e);
        } catch (RuntimeException e) { // a mistake of ours
            breaker.abandoned();
            span.failed("internal");
            failures.unexpected(e);
            return () -> answer.completeExceptionally(e);
        }
    }

    private void fail(CompletableFuture<?> answer, BackendFailure failure) {
        calls.failed(failure.reason());
        failures.failed(failure);
        answer.completeExceptionally(failure);
    }

    private <T> Answer<T> inTurn(
            Peer peer, Bytes body, Function<Bytes, Answer<T>> reader, Span span)
            throws BackendFailure {
        long timeoutNanos = config.timeout().toNanos();
        try {
            if (!turns.tryAcquire(timeoutNanos, TimeUnit.NANOSECONDS)) {
                breaker.abandoned();
                throw new BackendFailure(Reason.OVERLOADED, "its turn didn't come in time");
            }
        } catch (InterruptedException _) {
            throw interrupted();
        }
        int status = 0;
        try {
            HttpResponse<byte[]> response = exchange(peer, body, span, timeoutNanos);
            status = response.statusCode();
            span.status(status);
            return read(response, reader);
        } catch (BackendFailure e) {
            if (!e.isBackendsFault(status)) breaker.succeeded();
            else if (breaker.failed(System.nanoTime())) failures.isSpared();
            throw e;
        } finally {
            turns.release();
        }
    }

    private HttpResponse<byte[]> exchange(Peer peer, Bytes body, Span span, long timeoutNanos)
            throws BackendFailure {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(config.uri())
                        .POST(BodyPublishers.ofByteArray(body.toArray()));
        headers.addTo(request, peer);
        span.inject(request::setHeader);
        CompletableFuture<HttpResponse<byte[]>> exchange =
                connections.send(request.build(), BoundedBody.of(config.maxResponseSize()));
        try {
            return exchange.get(timeoutNanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            exchange.cancel(true); // closes the connection
            throw new BackendFailure(
                    Reason.TIMEOUT, "no answer in " + config.timeout().toMillis() + " ms");
        } catch (ExecutionException e) {
            throw broken(e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException _) {
            exchange.cancel(true);
            throw interrupted();
        }
    }

    private static BackendFailure broken(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null && !(root instanceof BoundedBody.TooLong)) {
            root = root.getCause(); // java.net.http wraps what a body has failed with
        }
        return new BackendFailure(
                root instanceof BoundedBody.TooLong ? Reason.TOO_LONG : Reason.CONNECTION,
                cause.getClass().getSimpleName() + " " + cause.getMessage());
    }

    private static BackendFailure interrupted() {
        Thread.currentThread().interrupt();
        return new BackendFailure(Reason.CONNECTION, "interrupted");
    }

    private <T> Answer<T> read(HttpResponse<byte[]> response, Function<Bytes, Answer<T>> reader)
            throws BackendFailure {
        if (response.statusCode() != 200) {
            Fault meant = meaning(response.statusCode());
            if (meant != null) return new Answer.Failed<>(meant);
            throw new BackendFailure(Reason.STATUS, "status " + response.statusCode());
        }
        try {
            return reader.apply(Bytes.wrap(response.body()));
        } catch (Malformed e) {
            throw new BackendFailure(Reason.MALFORMED, String.valueOf(e.getMessage()));
        }
    }

    private @Nullable Fault meaning(int status) {
        for (StatusTransformConfig each : config.http().statusToCodeTransforms()) {
            if (each.statusCode() != status) continue;
            StatusTransformConfig.ToErrorConfig error = each.toError();
            return error.code() > 0
                    ? new Fault.Error(error.code(), error.message(), error.temporary())
                    : new Fault.End(each.toDisconnect().code(), each.toDisconnect().reason());
        }
        return null;
    }
}
