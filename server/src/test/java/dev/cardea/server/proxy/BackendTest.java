package dev.cardea.server.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cardea.messaging.auth.Fault;
import dev.cardea.messaging.auth.Peer;
import dev.cardea.messaging.hook.Answer;
import dev.cardea.server.config.Config;
import dev.cardea.server.config.ConfigLoader;
import dev.cardea.server.config.ProxyTlsConfig;
import dev.cardea.server.trace.Traces;
import dev.cardea.wire.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A backend of every kind, over real HTTP. */
class BackendTest {
    private static final Peer PEER = Peer.of("websocket", "json");

    private final Connections connections =
            new Connections(Thread::startVirtualThread, ProxyTlsConfig.NONE);
    private final ProxyCounters counters = new ProxyCounters();
    private ScriptedBackend backend;

    @BeforeEach
    void start() throws Exception {
        backend = new ScriptedBackend();
    }

    @AfterEach
    void close() throws Exception {
        backend.close();
        connections.close();
    }

    @Test
    void anAnswerComesBack() throws Exception {
        backend.answers("{\"result\":{\"data\":[1,2]}}");
        assertThat(ask(proxy("")).join()).isEqualTo(given("[1,2]"));
        ScriptedBackend.Asked asked = backend.asked().getFirst();
        assertThat(asked.path()).isEqualTo("/rpc");
        assertThat(asked.body()).isEqualTo("{\"a\":1}");
        assertThat(asked.headers()).containsEntry("content-type", "application/json");
        assertThat(asked.headers()).doesNotContainKey("upgrade");
    }

    @Test
    void headersThatAreListedArePassedOn() throws Exception {
        Peer peer =
                new Peer(
                        "websocket",
                        "json",
                        Map.of("cookie", "a=b", "x-real-ip", "10.1.1.1", "x-static", "client"),
                        Map.of("authorization", "Bearer t", "cookie", "forged", "x-bad", "a\nb"));
        Backend proxy =
                proxy(
                        "http_headers: [Cookie, X-Static], emulated_headers: [Authorization, Cookie,"
                                + " X-Bad], http: {static_headers: {X-Static: fixed, X-Key: secret}}");
        proxy.ask(peer, Bytes.utf8("{}"), ProxyAnswer::rpc).toCompletableFuture().join();
        assertThat(backend.asked().getFirst().headers())
                .containsEntry("cookie", "a=b")
                .containsEntry("authorization", "Bearer t")
                .containsEntry("x-static", "client")
                .containsEntry("x-key", "secret")
                .doesNotContainKeys("x-real-ip", "x-bad");
    }

    @Test
    void aBackendThatHangsIsGivenUp() throws Exception {
        backend.answers((_, _) -> TimeUnit.MINUTES.sleep(1));
        assertFails(proxy("timeout: 100ms"), "timeout");
        backend.answers((_, out) -> {
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{".getBytes(UTF_8));
            out.flush();
            TimeUnit.MINUTES.sleep(1);
        });
        assertFails(proxy("timeout: 100ms"), "timeout");
    }

    @Test
    void anAnswerWithoutEndIsCutOff() throws Exception {
        AtomicBoolean cut = new AtomicBoolean();
        CountDownLatch over = new CountDownLatch(1);
        backend.answers((_, out) -> {
            byte[] megabyte = new byte[1 << 20];
            try {
                out.write("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n".getBytes(UTF_8));
                for (int i = 0; i < 1024; i++) out.write(megabyte);
            } catch (java.io.IOException e) {
                cut.set(true);
                throw e;
            } finally {
                over.countDown();
            }
        });
        assertFails(proxy("timeout: 20s"), "too_long");
        assertThat(over.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(cut).isTrue();
    }

    @Test
    void anAnswerAsLongAsAllowedIsTaken() throws Exception {
        String data = "\"" + "x".repeat(1000) + "\"";
        String json = "{\"result\":{\"data\":" + data + "}}";
        backend.answers(json);
        assertThat(ask(proxy("timeout: 5s, max_response_size: 1024")).join())
                .isEqualTo(given(data));
        backend.answers(json.replace("x", "xx"));
        assertFails(proxy("timeout: 5s, max_response_size: 1024"), "too_long");
    }

    @Test
    void nonsenseIsAFailure() throws Exception {
        backend.answers("<html>");
        assertFails(proxy(""), "malformed");
        backend.answers((_, out) -> out.write("HELO\r\n\r\n".getBytes(UTF_8)));
        assertFails(proxy(""), "connection");
        backend.answers((_, _) -> {
            throw new java.io.IOException("hangs up");
        });
        assertFails(proxy(""), "connection");
        backend.answers((_, out) -> out.write(ScriptedBackend.response("500 No", "{}")));
        assertFails(proxy(""), "status");
        backend.answers((_, out) ->
                out.write(
                        "HTTP/1.1 307 There\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n"
                                .getBytes(UTF_8)));
        assertFails(proxy(""), "status");
        assertThat(backend.asked()).extracting(ScriptedBackend.Asked::path).containsOnly("/rpc");
    }

    /** What a backend goes on to write until its peer has had enough. */
    private void assertEndless(String more, String head, String again, String... reasons)
            throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        backend.answers((_, out) -> {
            try {
                out.write(head.getBytes(UTF_8));
                byte[] bytes = again.repeat(Math.max(1, 1000 / again.length())).getBytes(UTF_8);
                while (true) out.write(bytes);
            } finally {
                over.countDown();
            }
        });
        assertThat(reason(ask(proxy(more)))).isIn((Object[]) reasons);
        assertThat(over.await(10, TimeUnit.SECONDS)).as("the connection is closed").isTrue();
    }

    @Test
    void whatNeverEndsIsCutOffWhateverItIs() throws Exception {
        String ok = "HTTP/1.1 200 OK\r\n";
        String chunked = ok + "Transfer-Encoding: chunked\r\n\r\n";
        assertEndless("timeout: 20s", chunked, "1\r\n \r\n", "too_long");
        assertEndless(
                "timeout: 20s", chunked, "10000\r\n" + " ".repeat(65536) + "\r\n", "too_long");
        assertEndless("timeout: 20s", ok + "\r\n", " ", "too_long"); // until it is closed
        assertEndless("timeout: 20s", ok, "X-More: and more\r\n", "connection");
        assertEndless("timeout: 20s", ok + "X-Long: ", "x", "connection");
        assertEndless("timeout: 1s", chunked + "1;", "x", "connection", "timeout");
        assertEndless("timeout: 1s", chunked + "f", "f", "connection", "timeout");
        String interim = "HTTP/1.1 102 Processing\r\n\r\n";
        assertEndless("timeout: 1s", interim, interim, "connection", "timeout", "status");
        assertEndless("timeout: 1s", "HTTP/1.1 ", "2", "connection", "timeout");
    }

    @Test
    void anAnswerThatComesInDripsIsGivenUpWhenItsTimeIsOver() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        backend.answers((_, out) -> {
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n".getBytes(UTF_8));
            try {
                while (true) {
                    out.write(' ');
                    out.flush();
                    TimeUnit.MILLISECONDS.sleep(10);
                }
            } finally {
                over.countDown();
            }
        });
        assertFails(proxy("timeout: 300ms"), "timeout");
        assertThat(over.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whatItIsCalledDoesNotMatterIfItIsJson() throws Exception {
        String json = "{\"result\":{\"data\":1}}";
        backend.answers((_, out) ->
                out.write(
                        new String(ScriptedBackend.ok(json), UTF_8)
                                .replace("\r\n\r\n", "\r\nContent-Type: text/html\r\n\r\n")
                                .getBytes(UTF_8)));
        assertThat(ask(proxy("")).join()).isEqualTo(given("1"));
    }

    @Test
    void anAnswerInAnotherEncodingIsNonsense() throws Exception {
        byte[] utf16 = "{\"result\":{}}".getBytes(StandardCharsets.UTF_16LE);
        backend.answers((_, out) -> {
            out.write(
                    "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n"
                            .formatted(utf16.length)
                            .getBytes(UTF_8));
            out.write(utf16);
        });
        assertFails(proxy(""), "malformed");
    }

    @Test
    void aStatusMayMeanSomething() throws Exception {
        Backend proxy =
                proxy(
                        "http: {status_to_code_transforms: [{status_code: 404, to_error: {code: 404,"
                                + " message: gone, temporary: true}}, {status_code: 503, to_disconnect:"
                                + " {code: 4503, reason: later}}]}");
        backend.answers((_, out) -> out.write(ScriptedBackend.response("404 Not Found", "")));
        assertThat(ask(proxy).join())
                .isEqualTo(new Answer.Failed<>(new Fault.Error(404, "gone", true)));
        backend.answers((_, out) -> out.write(ScriptedBackend.response("503 Busy", "")));
        assertThat(ask(proxy).join()).isEqualTo(new Answer.Failed<>(new Fault.End(4503, "later")));
    }

    @Test
    void aBackendThatFailsIsSparedUntilItIsBack() throws Exception {
        Backend proxy = proxy("circuit_breaker: {failures: 3, open_for: 50ms}");
        backend.answers((_, out) -> out.write(ScriptedBackend.response("500 No", "")));
        for (int i = 0; i < 3; i++) assertFails(proxy, "status");
        assertFails(proxy, "circuit_open");
        assertThat(backend.asked()).hasSize(3);
        backend.answers("{\"result\":{\"data\":1}}");
        assertThat(eventually(proxy)).isEqualTo(given("1"));
        assertThat(backend.asked()).hasSize(4);
    }

    @Test
    void whileOneCallTriesWhetherItIsBackTheOthersAreSpared() throws Exception {
        Backend proxy = proxy("timeout: 10s, circuit_breaker: {failures: 1, open_for: 50ms}");
        backend.answers((_, out) -> out.write(ScriptedBackend.response("500 No", "")));
        assertFails(proxy, "status");
        CountDownLatch go = new CountDownLatch(1);
        backend.answers((_, out) -> {
            go.await();
            out.write(ScriptedBackend.ok("{}"));
        });
        CompletableFuture<Answer<Bytes>> trial = underWay(proxy);
        for (int i = 0; i < 5; i++) assertFails(proxy, "circuit_open");
        go.countDown();
        assertThat(trial.join()).isEqualTo(given(""));
        assertThat(ask(proxy).join()).isEqualTo(given(""));
        assertThat(backend.asked()).hasSize(3);
    }

    /** The first call that isn't refused at once. */
    private static CompletableFuture<Answer<Bytes>> underWay(Backend proxy) {
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (System.nanoTime() - deadlineNanos < 0) {
            CompletableFuture<Answer<Bytes>> asked = ask(proxy);
            if (!asked.isCompletedExceptionally()) return asked;
            Thread.onSpinWait();
        }
        throw new AssertionError("the circuit never lets one through");
    }

    @Test
    void aClientErrorIsNoReasonToSpareTheBackend() throws Exception {
        Backend proxy = proxy("circuit_breaker: {failures: 2, open_for: 1h}");
        backend.answers((_, out) -> out.write(ScriptedBackend.response("404 Not Found", "")));
        for (int i = 0; i < 5; i++) assertFails(proxy, "status");
        assertThat(backend.asked()).hasSize(5);
    }

    @Test
    void soManyCallsAreUnderWayAtOnceAndTheOthersWait() throws Exception {
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch two = new CountDownLatch(2);
        CountDownLatch go = new CountDownLatch(1);
        backend.answers((_, out) -> {
            most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            two.countDown();
            go.await();
            atOnce.decrementAndGet();
            out.write(ScriptedBackend.ok("{}"));
        });
        Backend proxy = proxy("timeout: 10s, max_concurrent_calls: 2");
        List<CompletableFuture<Answer<Bytes>>> answers = new ArrayList<>();
        for (int i = 0; i < 34; i++) answers.add(ask(proxy));
        CompletableFuture<Answer<Bytes>> tooMany = ask(proxy);
        assertThat(reason(tooMany)).isEqualTo("overloaded");
        assertThat(two.await(10, TimeUnit.SECONDS)).isTrue();
        go.countDown();
        for (CompletableFuture<Answer<Bytes>> each : answers) {
            assertThat(each.join()).isEqualTo(given(""));
        }
        assertThat(most.get()).isEqualTo(2);
        assertThat(counters.of(ProxyKind.RPC, "default").underWay()).isZero();
        assertThat(counters.of(ProxyKind.RPC, "default").durations().count()).isEqualTo(34);
        assertThat(ask(proxy).join()).as("there is room again").isEqualTo(given(""));
    }

    // ---- asking ----

    private Backend proxy(String more) throws Exception {
        String yaml = "rpc: {proxy: {endpoint: '%s', %s}}".formatted(backend.url("/rpc"), more);
        Config config = ConfigLoader.text("c.yaml", yaml).load().config();
        return new Backend(
                ProxyKind.RPC, "default", config.rpc().proxy(), connections, counters, Traces.NONE);
    }

    private static CompletableFuture<Answer<Bytes>> ask(Backend proxy) {
        return proxy.ask(PEER, Bytes.utf8("{\"a\":1}"), ProxyAnswer::rpc).toCompletableFuture();
    }

    private static Answer<Bytes> given(String data) {
        return new Answer.Given<>(Bytes.utf8(data));
    }

    private void assertFails(Backend proxy, String reason) {
        long before = counters.of(ProxyKind.RPC, "default").failures(reason);
        assertThat(reason(ask(proxy))).isEqualTo(reason);
        assertThat(counters.of(ProxyKind.RPC, "default").failures(reason)).isEqualTo(before + 1);
    }

    private static String reason(CompletableFuture<?> answer) {
        BackendFailure[] failure = new BackendFailure[1];
        assertThatThrownBy(answer::join)
                .isInstanceOf(CompletionException.class)
                .satisfies(e -> failure[0] = (BackendFailure) e.getCause());
        return failure[0].reason().label();
    }

    /** The circuit opens for a while. */
    private static Answer<Bytes> eventually(Backend proxy) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (System.nanoTime() - deadlineNanos < 0) {
            try {
                return ask(proxy).join();
            } catch (CompletionException _) {
                Thread.onSpinWait();
            }
        }
        throw new AssertionError("it never came back");
    }
}
