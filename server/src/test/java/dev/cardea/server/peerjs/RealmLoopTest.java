package dev.cardea.server.peerjs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.broker.Control;
import dev.cardea.messaging.cluster.Cluster;
import dev.cardea.messaging.peerjs.PeerLink;
import dev.cardea.messaging.peerjs.RealmCodec;
import dev.cardea.messaging.peerjs.RealmMessage;
import dev.cardea.messaging.peerjs.RealmOptions;
import dev.cardea.messaging.peerjs.Registration;
import dev.cardea.server.net.NettyLoops;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.peerjs.ClientMessage;
import dev.cardea.wire.peerjs.Signal;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the realm hears of a broker that doesn't pass on what it says. */
@Timeout(60)
class RealmLoopTest {
    static final RealmOptions OPTIONS =
            new RealmOptions(
                    10,
                    0,
                    0,
                    Duration.ofMinutes(1).toNanos(),
                    Duration.ofMillis(1).toNanos(),
                    10,
                    10_000,
                    10_000,
                    0,
                    10_000);

    @Test
    void whatANodeDoesNotHearAnyMoreWaitsForItsPeerAsForAnyOther() throws Exception {
        theSenderIsTold(CompletableFuture.completedStage(false));
        theSenderIsTold(CompletableFuture.failedStage(new IllegalStateException("of a test")));
    }

    private static void theSenderIsTold(CompletionStage<Boolean> fate) throws Exception {
        try (NettyLoops loops = NettyLoops.start(1, 1 << 20)) {
            RealmLoop realm = new RealmLoop(loops.all().getFirst(), "here", OPTIONS);
            Said said = new Said();
            Registration ann =
                    new Registration(
                            "ann", "ann", "", "::1", Registration.ENDLESS, () -> false, said);
            realm.start(cluster(new Broken(fate)));
            realm.open(ann);
            realm.heard("there", RealmCodec.write(new RealmMessage.Found("bob")));
            var offer = new ClientMessage.To(Signal.Kind.OFFER, "bob", Bytes.utf8("1"));
            realm.receive(ann, offer, 1, _ -> {});
            assertThat(said.next()).isEqualTo(PeerNode.OPEN);
            assertThat(said.next()).contains("EXPIRE", "\"src\":\"bob\"");
        }
    }

    static Cluster cluster(Control control) {
        return new Cluster(
                "here",
                control,
                () -> {
                    throw new AssertionError("not asked");
                },
                _ -> CompletableFuture.failedStage(new AssertionError("not called")),
                (_, _) -> {},
                (_, _) -> {},
                System::nanoTime);
    }

    /** Nothing gets through to a node. */
    private record Broken(CompletionStage<Boolean> fate) implements Control {
        @Override
        public void receive(Consumer<Bytes> receiver) {}

        @Override
        public CompletionStage<Boolean> toAll(Bytes message) {
            return CompletableFuture.completedStage(true);
        }

        @Override
        public CompletionStage<Boolean> toNode(String node, Bytes message) {
            return fate;
        }
    }

    /** A peer that takes everything. */
    private static final class Said implements PeerLink {
        private final BlockingQueue<String> said = new LinkedBlockingQueue<>();

        String next() throws InterruptedException {
            return String.valueOf(said.poll(20, TimeUnit.SECONDS));
        }

        @Override
        public void opened() {}

        @Override
        public void send(Bytes json) {
            said.add(json.toUtf8());
        }

        @Override
        public long pendingBytes() {
            return 0;
        }

        @Override
        public long heardNanos() {
            return System.nanoTime();
        }

        @Override
        public void ping() {}

        @Override
        public void endWith(int code, String reason) {}
    }
}
