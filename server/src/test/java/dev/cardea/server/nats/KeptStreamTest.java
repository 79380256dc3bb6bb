package dev.cardea.server.nats;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.nats.client.api.StreamConfiguration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is known of a stream, and asked of NATS where it isn't. */
@Timeout(60)
class KeptStreamTest {
    @Test
    void nobodyWaitsForWhoeverAsksNats() throws Exception {
        try (NatsServer nats = NatsServer.start();
                Link link = LinkTest.link(nats)) {
            link.connect();
            while (!link.isUp()) Thread.onSpinWait();
            KeptStream stream =
                    new KeptStream(
                            link,
                            Thread::startVirtualThread,
                            () -> "epoch",
                            StreamConfiguration.builder().name("s").subjects("s.>").build());
            stream.look();
            stream.forget();
            nats.pause();
            Thread asks = Thread.startVirtualThread(() -> ask(stream));
            while (asks.getState() != Thread.State.TIMED_WAITING) Thread.onSpinWait();
            // an event loop, or the thread that would bring the answer
            CompletableFuture<Void> other =
                    CompletableFuture.runAsync(() -> stream.whenThere((_, _) -> {}));
            assertThatCode(() -> other.get(1, TimeUnit.SECONDS)).doesNotThrowAnyException();
        }
    }

    private static void ask(KeptStream stream) {
        try {
            stream.look();
        } catch (Exception _) {
            // it has no answer after four seconds
        }
    }
}
