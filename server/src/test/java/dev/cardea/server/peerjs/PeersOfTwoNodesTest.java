package dev.cardea.server.peerjs;

import static dev.cardea.server.peerjs.PeerNode.OPEN;
import static dev.cardea.server.peerjs.PeerNode.SOON;
import static dev.cardea.server.peerjs.PeerNode.WITH_TOKENS;
import static dev.cardea.server.peerjs.PeerNode.ended;
import static dev.cardea.server.peerjs.PeerNode.jwt;
import static dev.cardea.server.peerjs.PeerNode.refusal;
import static dev.cardea.server.peerjs.PeerNode.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.server.nats.NatsServer;
import dev.cardea.server.redis.RedisServer;
import dev.cardea.testkit.websocket.Incoming;
import dev.cardea.testkit.websocket.RawWebSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Peers of two servers that share a broker. */
@Timeout(120)
class PeersOfTwoNodesTest {
    /** For so long another node may object to an id. */
    private static final Duration ANSWERS = Duration.ofSeconds(1);

    @Test
    void theyFindEachOtherOverRedis() throws Exception {
        try (RedisServer redis = RedisServer.start()) {
            String broker = "engine: {type: redis, redis: {address: \"" + redis.url() + "\"}}\n";
            findEachOther(broker);
            areEndedThroughTheOther(broker);
            anEndIsKnownAtOnce(broker);
        }
    }

    @Test
    void theyFindEachOtherOverNats() throws Exception {
        try (NatsServer nats = NatsServer.start()) {
            String broker =
                    "broker: {enabled: true, type: nats, nats: {url: \"" + nats.url() + "\"}}\n";
            findEachOther(broker);
            areEndedThroughTheOther(broker);
            anEndIsKnownAtOnce(broker);
        }
    }

    private static void findEachOther(String broker) throws Exception {
        String yaml = broker + "peerjs: {allow_discovery: true}";
        try (PeerNode here = new PeerNode(yaml);
                PeerNode there = new PeerNode(yaml);
                RawWebSocket ann = here.opened("ann")) {
            RawWebSocket old = there.opened("bob");
            knowEachOther(here, there);
            ann.text("{\"type\":\"OFFER\",\"payload\":1,\"dst\":\"bob\"}");
            assertThat(text(old)).contains("\"src\":\"ann\"").contains("\"payload\":1");
            assertThat(refusal(there.peer("ann", "another"))).contains("ID-TAKEN");
            // the same peer, at the other server
            try (RawWebSocket bob = here.opened("bob")) {
                assertThat(old.next(SOON)).isInstanceOf(Incoming.Close.class);
                ann.text("{\"type\":\"OFFER\",\"payload\":2,\"dst\":\"bob\"}");
                assertThat(text(bob)).contains("\"payload\":2");
            }
            // to nobody, until it comes to the other server
            ann.text("{\"type\":\"OFFER\",\"payload\":3,\"dst\":\"carl\"}");
            try (RawWebSocket carl = there.opened("carl")) {
                assertThat(text(carl)).contains("\"payload\":3");
                carl.text("{\"type\":\"ANSWER\",\"payload\":4,\"dst\":\"ann\"}");
                assertThat(text(ann)).contains("\"payload\":4");
            }
        }
    }

    private static void areEndedThroughTheOther(String broker) throws Exception {
        String yaml = broker + WITH_TOKENS + ", allow_discovery: true}";
        String token = jwt("{\"sub\":\"ann\",\"jti\":\"phone\"}");
        try (PeerNode here = new PeerNode(yaml);
                PeerNode there = new PeerNode(yaml);
                RawWebSocket bob = there.peer("bob", jwt("{\"sub\":\"bob\"}"))) {
            assertThat(text(bob)).isEqualTo(OPEN);
            try (RawWebSocket ann = here.peer("ann", token)) {
                assertThat(text(ann)).isEqualTo(OPEN);
                knowEachOther(here, there);
                assertThat(there.call("disconnect", "{\"user\":\"ann\"}"))
                        .isEqualTo("{\"result\":{}}");
                assertThat(ended(ann, 3503)).contains("force disconnect");
            }
            try (RawWebSocket ann = here.peer("ann", token)) {
                assertThat(text(ann)).isEqualTo(OPEN);
                assertThat(there.call("revoke_token", "{\"uid\":\"phone\"}"))
                        .isEqualTo("{\"result\":{}}");
                assertThat(ended(ann, 3005)).contains("The token was taken back");
            }
            for (PeerNode each : List.of(here, there))
                assertThat(refusal(each.peer("ann", token))).contains("The token was taken back");
            bob.text("{\"type\":\"OFFER\",\"payload\":1,\"dst\":\"bob\"}");
            assertThat(text(bob)).contains("OFFER");
        }
    }

    private static void anEndIsKnownAtOnce(String broker) throws Exception {
        String yaml = broker + "peerjs: {allow_discovery: true}";
        try (PeerNode here = new PeerNode(yaml);
                RawWebSocket ann = here.opened("ann")) {
            try (PeerNode there = new PeerNode(yaml);
                    RawWebSocket bob = there.opened("bob")) {
                knowEachOther(here, there);
                assertThat(bob.localPort()).isPositive();
            }
            // whoever might object is waited for for a second, and for ten after it died
            Duration least = SOON;
            for (int i = 0; i < 4 && least.compareTo(ANSWERS) >= 0; i++) {
                long askedNanos = System.nanoTime();
                here.opened("bob" + i).close();
                Duration took = Duration.ofNanos(System.nanoTime() - askedNanos);
                if (took.compareTo(least) < 0) least = took;
            }
            assertThat(least).as("it said that it ends").isLessThan(ANSWERS);
            assertThat(ann.localPort()).isPositive();
        }
    }

    /** Asks until the one names a peer of the other. */
    private static void knowEachOther(PeerNode here, PeerNode there) throws Exception {
        long deadline = System.nanoTime() + SOON.toNanos();
        for (PeerNode each : new PeerNode[] {here, there}) {
            String ids = "";
            while (!ids.equals("[\"ann\",\"bob\"]")) {
                assertThat(System.nanoTime()).as(ids).isLessThan(deadline);
                ids = each.get("/peerjs/peerjs/peers").body();
            }
        }
    }
}
