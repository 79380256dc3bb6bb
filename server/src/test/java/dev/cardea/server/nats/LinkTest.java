package dev.cardea.server.nats;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.nats.client.Connection;
import io.nats.client.Options;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is asked is answered or fails, whatever becomes of the connection. */
@Timeout(120)
class LinkTest {
    private static final int ROUNDS = 5;

    /** Ends when nobody answers any more. */
    private static void askOnAndOn(Link link, ConcurrentLinkedQueue<CompletableFuture<?>> asked) {
        while (link.isUp()) {
            CompletableFuture<?> answer = link.ask("nobody", null, new byte[0]);
            asked.add(answer);
            Thread.onSpinWait();
        }
    }

    @Test
    void aQuestionIsSettledThoughItsConnectionClosesMeanwhile() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            ConcurrentLinkedQueue<CompletableFuture<?>> asked = new ConcurrentLinkedQueue<>();
            try (NatsServer nats = NatsServer.start();
                    Link link = link(nats)) {
                link.connect();
                while (!link.isUp()) Thread.onSpinWait();
                List<Thread> askers =
                        Stream.generate(() ->
                                        Thread.ofPlatform().start(() -> askOnAndOn(link, asked)))
                                .limit(3)
                                .toList();
                while (asked.size() < 100) Thread.onSpinWait();
                nats.kill();
                for (Thread asker : askers) asker.join();
                CompletableFuture<Void> all =
                        CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new));
                assertThatCode(() -> all.exceptionally(_ -> null).get(20, TimeUnit.SECONDS))
                        .doesNotThrowAnyException();
            }
        }
    }

    /** Not connected yet. */
    static Link link(NatsServer nats) {
        Options.Builder options = new Options.Builder().server(nats.url());
        return new Link(
                options,
                nats.url(),
                new Link.Watcher() {
                    @Override
                    public void listenOver(Connection connection) {}

                    @Override
                    public void connected() {}

                    @Override
                    public void dropped() {}
                });
    }
}
